// The list of all texts: found as one types, filtered, and what can be done with each.

import {act, actionsOf, start} from "./actions.js";
import {get, post} from "./api.js";
import {button, clone, h, partAddress, showMenu, textRow} from "./dom.js";
import {moment, t} from "./words.js";

export const plain = text => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

export const KIND = {article: "News item", project: "Project", page: "Page", home: "Home page"};
const STATE = {draft: "Draft", scheduled: "Scheduled", announced: "Announced", unreadable: "Cannot be read"};

function stateOf({state, published, changed}) {
  const online = published === false ? "Ready for the next publication" : published ? "Online" : "Visible";
  return [t(STATE[state] ?? online), changed && t("changed since the publication")].filter(Boolean).join(", ");
}

export const countWords = (faults, others) => [
  faults && t("{count} fault | {count} faults", {count: faults}),
  others && t("{count} finding | {count} findings", {count: others}),
].filter(Boolean).join(", ");

// The other choices of the filter are states of a text.
const FILTERS = {
  all: () => true,
  changed: group => group.some(text => text.changed),
  translate: group => ["missing", "older", "unsure"].includes(group[0].translated),
  findings: (group, counts) => group.some(text => counts[text.source]),
};

function grouped(texts) {
  const bySource = new Map(texts.map(text => [text.source, text]));
  return texts
    .filter(text => !bySource.has(text.original))
    .map(text => [text, bySource.get(text.translation)].filter(Boolean))
    .sort(([one], [other]) => other.date.localeCompare(one.date) || one.title.localeCompare(other.title));
}

export async function showList(main) {
  let {texts} = await get("texts");
  let rows = [], counts = {};
  const page = clone("list", {}, {start: () => run(start)});
  const [search, kind, state] = page.filters.elements;

  function filter() {
    const words = plain(search.value).split(/\s+/);
    const isKept = FILTERS[state.value] ?? (group => group.some(text => text.state === state.value));
    let count = 0;
    for (const {element, group, searched} of rows) {
      element.hidden = kind.value && group[0].kind !== kind.value || !isKept(group, counts)
        || !words.every(word => searched.includes(word));
      count += !element.hidden;
    }
    page.list.hidden = !count;
    page.count.textContent = count ? t("{count} text | {count} texts", {count}) : t("No text is like that.");
  }

  function fill() {
    rows = grouped(texts).map(group => makeRow(group, run));
    page.list.replaceChildren(...rows.map(row => row.element));
    showCounts();
  }

  function showCounts() {
    for (const row of rows) row.showCounts(counts);
    filter();
  }

  async function renew() {
    ({texts} = await get("texts"));
    fill();
  }

  async function run(work, text) {
    if (!await act(work, text)) return;
    await renew();
    search.focus();
  }

  page.filters.addEventListener("submit", event => event.preventDefault());
  page.filters.addEventListener("input", filter);
  main.replaceChildren(...page.elements);
  fill();
  get("findings").then(found => {
    counts = Object.fromEntries(Object.entries(found.counts).filter(([, each]) => each.fault + each.warning + each.advice));
    showCounts();
  }, () => {});
  return {changed: renew};
}

function makeRow(group, run) {
  const [text, translation] = group;
  const row = clone("row", {}, {
    menu: () => showMenu(row.menu, actionsOf(text).map(([words, work]) => button(t(words), () => run(work, text)))),
  });
  const link = (to, {source, title, lang}) => Object.assign(to, {textContent: title, href: partAddress("text", {source}), lang});
  link(row.title, text);
  row.date.textContent = text.date_shown;
  row.facts.textContent = `${t(KIND[text.kind])} · ${stateOf(text)}`;
  row.unsaved.hidden = !group.some(each => each.unsaved);
  if (translation) row.translation.append(link(h("a"), translation), ` · ${[translation.lang.toUpperCase(), stateOf(translation), {
    older: t("the original has changed since"), unsure: t("perhaps out of date"),
  }[text.translated]].filter(Boolean).join(" · ")}`);
  else if (text.translated === "missing") row.translation.textContent = t("No translation");
  row.menu.ariaLabel = t("Actions: {title}", text);
  return {
    group,
    element: h("li", {class: `text-row strand-${text.strand}`}, row.elements),
    searched: plain(group.map(each => `${each.title} ${each.address} ${each.source}`).join(" ")),
    showCounts(counts) {
      const sum = name => group.reduce((all, each) => all + (counts[each.source]?.[name] ?? 0), 0);
      row.counts.textContent = countWords(sum("fault"), sum("warning") + sum("advice"));
    },
  };
}

/** The texts that were deleted, and their way back. */
export async function showDeleted(main) {
  const {deleted} = await get("deleted");
  const {elements, list, none} = clone("deleted");
  const restore = id => act(async () => {
    const {sources: [source], told} = await post("undelete", {id});
    return {source, told};
  });
  none.hidden = deleted.length > 0;
  list.append(...deleted.map(({id, title, sources, deleted_at: at}) => textRow(moment(at), "h2", title, sources.join(", "),
    button(t("Restore"), () => restore(id), {"aria-label": t("Restore “{title}”", {title})}))));
  main.replaceChildren(...elements);
}
