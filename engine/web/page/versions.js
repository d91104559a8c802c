// Versions of a text side by side: those of a save that was refused, and those that were kept.

import {act} from "./actions.js";
import {get, post} from "./api.js";
import {button, clone, h, partAddress, say, tellRefusal} from "./dom.js";
import {forget} from "./unsaved.js";
import {moment, t} from "./words.js";

/** The lines of one text; those that the other has not are marked. */
function marked(text, other) {
  const there = new Map();
  for (const line of other.split("\n")) there.set(line, (there.get(line) ?? 0) + 1);
  return text.split("\n").map(line => {
    const left = there.get(line) ?? 0;
    there.set(line, left - 1);
    return h(left > 0 || !line ? "span" : "mark", {}, `${line}\n`);
  });
}

/** Two versions after a conflict; `again` shows the text as it is then. */
export function showConflict(main, {source, lang}, {yours, theirs, digest}, again) {
  const page = clone("conflict", {}, {keep: () => settle(page.mine.value), take: () => settle(null)});
  page.mine.value = yours;
  page.mine.lang = page.theirs.lang = lang;
  page.theirs.append(...marked(theirs ?? "", yours));
  page.gone.hidden = theirs !== null;
  page.changed.hidden = page.take.hidden = theirs === null;

  async function settle(whole) {
    try {
      if (whole !== null) await post("save", {source, digest, text: theirs ?? "", whole});
      forget(source);
      await post("draft/discard", {source});
      await again();
    } catch (error) {
      if (error.status === 409) showConflict(main, {source, lang}, {...error.answer, yours: page.mine.value}, again);
      else tellRefusal(error);
    }
  }

  main.replaceChildren(...page.elements);
  page.title.focus();
}

export async function showHistory(main, site, {source}) {
  const [text, {versions}] = await Promise.all([get("text", {source}), get("history", {source})]);
  const page = clone("history", {title: text.values.title ?? source});
  const origin = {page: t("saved here"), git: t("saved by git"), file: t("left by another program")};

  async function show({id, saved_at: at}, opener) {
    const {text: words} = await get("version", {source, id});
    for (const each of page.list.querySelectorAll("button")) each.ariaPressed = String(each === opener);
    const version = clone("version", {moment: moment(at)}, {restore: () => restore(id)});
    version.words.lang = text.lang;
    version.words.append(...marked(words, text.text));
    page.shown.replaceChildren(...version.elements);
  }

  const restore = id => act(async () => {
    await post("restore", {source, digest: text.digest, id});
    return {told: [say("restored-text")], address: page.back.hash};
  });

  page.back.href = partAddress("text", {source});
  page.none.hidden = versions.length > 0;
  page.list.append(...versions.map(version => h("li", {}, version.current
    ? h("p", {}, h("b", {}, t("The text of today")), " ", moment(version.saved_at))
    : button([moment(version.saved_at), h("span", {class: "facts"}, [origin[version.from], version.words].filter(Boolean).join(" · "))],
      ({currentTarget}) => show(version, currentTarget).catch(tellRefusal), {"aria-pressed": "false"}))));
  main.replaceChildren(...page.elements);
}
