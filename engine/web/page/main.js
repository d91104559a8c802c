// The page of ./inv write: its header, which part is shown, and what holds for all parts.

import {get, takeToken} from "./api.js";
import {clone, h, say, sentence, tell} from "./dom.js";
import {showEditor} from "./editor.js";
import {showDeleted, showList} from "./list.js";
import {showPublication} from "./publication.js";
import {useFolder} from "./unsaved.js";
import {showHistory} from "./versions.js";
import {t, useWords} from "./words.js";

const PARTS = {text: showEditor, history: showHistory, publish: showPublication, deleted: showDeleted};
const main = document.getElementById("main");
const alertPlace = document.getElementById("alert");
let site;
// What the part that is shown offers: `leave`, `changed` (files), `save`, `keep`, `restarted`.
let part = {};
let isShown = false;

async function show() {
  if (location.hash === "#main") return;
  part.leave?.();
  part = {};
  for (const dialog of document.querySelectorAll("dialog")) dialog.close();
  const [name, words] = location.hash.replace(/^#\/?/, "").split("?");
  alertPlace.textContent = "";
  // What a part that was left shows late goes nowhere.
  const place = h("div", {class: `part-${name || "list"}`}, h("p", {}, t("One moment…")));
  main.replaceChildren(place);
  for (const link of document.querySelectorAll("#header nav a"))
    link.ariaCurrent = link.hash === (location.hash || "#/") ? "page" : null;
  try {
    const shown = await (PARTS[name] ?? showList)(place, site, Object.fromEntries(new URLSearchParams(words))) ?? {};
    if (!place.isConnected) return shown.leave?.();
    part = shown;
  } catch (error) {
    showProblem(place, "failure", sentence(error), {again: show});
  }
  const heading = place.querySelector("h1");
  document.title = `${heading?.textContent ?? ""} · ${site.name}`;
  scrollTo(0, 0);
  if (isShown && heading && !place.contains(document.activeElement)) {
    heading.tabIndex = -1;
    heading.focus();
  }
  isShown = true;
}

/** Show what went wrong in place of a part. */
function showProblem(place, id, sentence, clicks) {
  const {elements, words} = clone(id, {}, clicks);
  words.textContent = sentence;
  place.replaceChildren(...elements);
}

// What changed on disk, and whether the server is there.
async function listen() {
  for (let after = 1e9; ;) {
    try {
      const news = await get("events", {after});
      after = news.serial;
      if (news.changed.length) part.changed?.(news.changed);
    } catch (error) {
      if (error.status === 401) return;
      await new Promise(resolve => setTimeout(resolve, 1500));
    }
  }
}

document.addEventListener("server", ({detail: state}) => {
  part.keep?.();
  alertPlace.textContent = state && say(state);
  if (state) return;
  tell(t("The server is there again."));
  part.restarted?.();
});
addEventListener("keydown", event => {
  if (!(event.ctrlKey || event.metaKey) || event.altKey || event.key.toLowerCase() !== "s") return;
  event.preventDefault();
  part.save?.();
});

async function start() {
  const hasToken = takeToken();
  const inLanguage = async lang => useWords(lang, await (await fetch(`/page/${lang}.json`)).json());
  const lang = navigator.language.startsWith("fr") ? "fr" : "en";
  await inLanguage(lang);
  if (!hasToken) return showProblem(main, "closed", say("keyless"));
  try {
    site = await get("site");
  } catch (error) {
    return showProblem(main, "closed", sentence(error));
  }
  useFolder(site.folder);
  if (site.lang !== lang) await inLanguage(site.lang);
  const header = clone("header");
  header.site.textContent = site.name;
  document.getElementById("header").replaceChildren(...header.elements);
  addEventListener("hashchange", show);
  await show();
  if (site.moved) alertPlace.textContent = say("moved");
  listen();
}

start();
