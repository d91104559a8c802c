// The list of all texts: found as one types, filtered, and what can be done with each.

import {actionsOf, start} from "./actions.js";
import {get} from "./api.js";
import {afterPause, button, clone, h, partAddress, showMenu, tell, tellRefusal} from "./dom.js";
import {t} from "./words.js";

/** A text as it is searched: without accents and capitals. */
export const plain = text => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

export const KIND = {article: "News item", project: "Project", page: "Page", home: "Home page"};
const STATE = {
  draft: "Draft", scheduled: "Scheduled", announced: "Announced", unreadable: "Cannot be read",
};

/** The state of a text as its owner says it. */
export function stateOf(text) {
  const online = text.published === false ? "Ready for the next publication" : text.published ? "Online" : "Visible";
  const words = t(STATE[text.state] ?? online);
  return text.changed ? `${words}, ${t("changed since the publication")}` : words;
}

/** Which texts a state of the filter keeps; the others are states of a text. */
const FILTERS = {
  all: () => true,
  changed: group => group.some(text => text.changed),
  unsaved: group => group.some(text => text.unsaved),
  translate: group => ["missing", "older", "unsure"].includes(group[0].translated),
  findings: (group, counts) => group.some(text => counts[text.source]),
};

/** Texts with their translations, the newest first; a translation without original is alone. */
function grouped(texts) {
  const bySource = new Map(texts.map(text => [text.source, text]));
  return texts
    .filter(text => !bySource.has(text.original))
    .map(text => [text, bySource.get(text.translation)].filter(Boolean))
    .sort(([one], [other]) => other.date.localeCompare(one.date) || one.title.localeCompare(other.title));
}

export async function showList(main, site) {
  let {texts} = await get("texts");
  let groups = [], counts = {}, isLeft = false;
  const rows = new Map();
  const page = clone("list", {}, {start: () => act(start, null, page.start)});
  const [search, kind, state] = page.filters.elements;

  function filter() {
    const words = plain(search.value).split(/\s+/).filter(Boolean);
    const isKept = FILTERS[state.value] ?? (group => group.some(text => text.state === state.value));
    let count = 0;
    for (const group of groups) {
      const row = rows.get(group[0].source);
      row.hidden = kind.value && group[0].kind !== kind.value || !isKept(group, counts)
        || !words.every(word => row.words.includes(word));
      count += !row.hidden;
    }
    page.count.textContent = count ? t("{count} text | {count} texts", {count}) : t("No text is like that.");
  }

  function fill() {
    groups = grouped(texts);
    rows.clear();
    for (const group of groups) rows.set(group[0].source, makeRow(group, counts, act));
    page.list.replaceChildren(...rows.values());
    filter();
  }

  async function renew() {
    ({texts} = await get("texts"));
    if (!isLeft) fill();
  }

  async function act(work, text, opener) {
    try {
      const done = await work(text);
      if (!done) return opener.focus();
      if (done.address || done.source) return location.hash = done.address ?? partAddress("text", {source: done.source});
      await renew();
      page.told.replaceChildren(...(done.told ?? []).map(line => h("p", {}, line)));
      tell(done.told?.[0] ?? t("Done."));
      search.focus();
    } catch (error) {
      tellRefusal(error);
    }
  }

  page.filters.addEventListener("submit", event => event.preventDefault());
  search.addEventListener("input", afterPause(filter, 80));
  for (const each of [kind, state]) each.addEventListener("change", filter);
  main.replaceChildren(...page.elements);
  fill();
  get("findings").then(found => {
    for (const [source, each] of Object.entries(found.counts))
      if (each.fault + each.warning + each.advice) counts[source] = each;
    for (const group of groups) showCounts(rows.get(group[0].source).counts, group, counts);
    if (state.value === "findings") filter();
  }, () => {});
  return {
    changed: renew,
    leave() {
      isLeft = true;
    },
  };
}

function makeRow(group, counts, act) {
  const [text, translation] = group;
  const row = clone("row", {}, {
    menu: () => showMenu(row.menu, actionsOf(text).map(([words, work]) => button(t(words), () => act(work, text, row.menu)))),
  });
  row.date.textContent = text.date_shown;
  row.title.textContent = text.title;
  row.title.href = partAddress("text", {source: text.source});
  row.title.lang = text.lang;
  row.facts.textContent = [KIND[text.kind] && t(KIND[text.kind]), stateOf(text)].filter(Boolean).join(" · ");
  row.unsaved.hidden = !group.some(each => each.unsaved);
  if (translation) row.translation.append(
    h("a", {href: partAddress("text", {source: translation.source}), lang: translation.lang}, translation.title),
    " ", [translation.lang.toUpperCase(), stateOf(translation), {
      older: t("the original has changed since"), unsure: t("perhaps out of date"),
    }[text.translated]].filter(Boolean).join(" · "));
  else row.translation.textContent = text.translated === "missing" ? t("No translation") : "";
  row.menu.ariaLabel = t("Actions: {title}", text);
  showCounts(row.counts, group, counts);
  const element = h("li", {class: `text-row ${Number.isInteger(text.strand) ? `strand-${text.strand}` : ""}`}, row.elements);
  element.words = plain(group.map(each => `${each.title} ${each.address} ${each.source}`).join(" "));
  element.counts = row.counts;
  return element;
}

/** The numbers of faults and other findings, in words. */
export const countWords = (faults, others) => [
  faults && t("{count} fault | {count} faults", {count: faults}),
  others && t("{count} finding | {count} findings", {count: others}),
].filter(Boolean).join(", ");

function showCounts(place, group, counts) {
  const sum = name => group.reduce((all, text) => all + (counts[text.source]?.[name] ?? 0), 0);
  place.textContent = countWords(sum("fault"), sum("warning") + sum("advice"));
}
