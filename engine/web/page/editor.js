// One text: its form, its words, what is found, the page beside it; and the site's settings.

import {act, actionsOf} from "./actions.js";
import {get, post} from "./api.js";
import {COMMANDS, listenToKeys, mark, rangeOfLine, wordsAt} from "./body.js";
import {afterPause, button, clone, h, partAddress, say, sentence, showMenu, tell, tellRefusal} from "./dom.js";
import {findingElement, isSame, labelOf, makeForm, remedies} from "./form.js";
import {chooseFiles, insertFiles, link} from "./insert.js";
import {KIND, countWords} from "./list.js";
import {makePreview} from "./preview.js";
import {forget, keep, recall} from "./unsaved.js";
import {showConflict} from "./versions.js";
import {moment, t} from "./words.js";

// A save may add a last line end.
const withoutEnd = words => words.replace(/\n+$/, "");

export async function showEditor(main, site, {source}) {
  // What the file held when the words on this page began.
  let base = await get("text", {source});
  const {texts} = await get("texts");
  const {kind, lang} = base;
  const listed = texts.find(each => each.source === source);
  const isSettings = kind === "settings", isList = kind === "lines";
  const page = clone("editor", {}, {save, sum: goToFinding, menu: openMenu});
  const form = base.readable ? makeForm(kind, site, Boolean(listed?.original), changed) : null;
  const hasArea = !isSettings || !form;
  const {area, findings} = page;
  const preview = isSettings || isList ? null : makePreview(site);
  let isSending = false, isWaiting = false, isClosed = false, isSaving = false;
  let found = [];

  const notify = (words, severity = "fault") => page.notices.replaceChildren(
    h("div", {class: `finding ${severity}`, role: severity === "fault" ? "alert" : "status"}, words));

  /** What differs from the file, as the server takes it. */
  function edit() {
    const {digest, text} = base;
    const values = form && Object.fromEntries(Object.entries(form.read()).filter(([name, value]) => !isSame(value, base.values[name])));
    return {
      source, digest, text,
      ...!form && area.value !== text && {whole: area.value},
      ...form && Object.keys(values).length && {values},
      ...form && hasArea && withoutEnd(area.value) !== withoutEnd(base.body) && {body: area.value},
    };
  }
  const isChanged = () => Object.keys(edit()).length > 3;

  function show({values, body, text}) {
    form?.show(values);
    area.value = form ? body : text;
  }

  function showState() {
    page.save.disabled = !isChanged();
    page.state.textContent = isChanged() ? say("kept") : t("Saved.");
  }

  function keepHere() {
    if (!isChanged()) return forget(source);
    try {
      keep(source, {base, values: form?.read(), body: area.value, at: new Date().toISOString()});
    } catch {
      // A full store is no reason to stop typing: the server has the words.
    }
  }

  const draftSoon = afterPause(draft, 150);
  function changed() {
    keepHere();
    showState();
    draftSoon();
  }

  /** Let the server keep the words, check them and make the page: one call at a time. */
  async function draft() {
    isWaiting = true;
    if (isSending) return;
    isSending = true;
    while (isWaiting && !isClosed) {
      isWaiting = false;
      try {
        const answer = await post("draft", {...edit(), page: base.address});
        if (isClosed) return;
        showFindings(answer.findings);
        if (answer.preview) preview?.show(answer.preview);
        else preview?.tell(answer.fault || say("no-page"));
      } catch (error) {
        if (error.status) preview?.tell(sentence(error));
      }
    }
    isSending = false;
  }

  const lineOf = finding => hasArea && (form ? finding.body_line : finding.line);

  function showFindings(now) {
    found = now;
    const others = form ? form.find(found) : found;
    findings.replaceChildren(...others.map(each => findingElement(each,
      lineOf(each) && button(t("Line {line}", {line: lineOf(each)}), () => select(lineOf(each)), {class: "link-button"}),
      ...remedies(each, changed))));
    area.ariaInvalid = others.some(each => each.severity === "fault") ? "true" : null;
    const faults = found.filter(each => each.severity === "fault").length;
    const sum = countWords(faults, found.length - faults) || t("Nothing found");
    if (page.sum.textContent && page.sum.textContent !== sum) tell(sum);
    page.sum.textContent = sum;
    page.sum.disabled = !found.length;
  }

  function goToFinding() {
    const [first] = found;
    if (form?.has(first.key)) form.focus(first.key);
    else if (lineOf(first)) select(lineOf(first));
    else findings.scrollIntoView({block: "center"});
  }

  function select(line) {
    area.focus();
    area.setSelectionRange(...rangeOfLine(area.value, line));
    follow(true);
  }

  const follow = always => preview?.find(wordsAt(area.value, area.selectionEnd), always);
  const followSoon = afterPause(() => follow(false), 200);

  function take(answer) {
    base = answer;
    keepHere();
    showState();
    showFindings(answer.findings);
  }

  async function takeFile() {
    const answer = await get("text", {source});
    show(answer);
    take(answer);
    draft();
  }

  async function save() {
    if (isSaving || !isChanged()) return;
    isSaving = true;
    page.state.textContent = t("Saving…");
    try {
      take(await post("save", edit()));
      page.notices.replaceChildren();
      tell(t("Saved."));
    } catch (error) {
      showState();
      if (error.status === 409) showBoth(error.answer);
      else notify(`${t("Not saved:")} ${sentence(error)}`);
    }
    isSaving = false;
  }

  async function discard() {
    try {
      await post("draft/discard", {source});
      await takeFile();
      page.notices.replaceChildren();
    } catch (error) {
      tellRefusal(error);
    }
  }

  function showBoth(versions) {
    leave();
    showConflict(main, base, versions, async () => Object.assign(part, await showEditor(main, site, {source})));
  }

  const channel = new BroadcastChannel("writing");
  channel.onmessage = ({data}) => {
    if (data.source !== source) return;
    if (data.isNew) channel.postMessage({source});
    notify(say("second-window"), "warning");
  };
  channel.postMessage({source, isNew: true});

  function leave() {
    keepHere();
    isClosed = true;
    preview?.stop();
    channel.close();
  }

  const part = {
    save, leave,
    keep: keepHere,
    restarted: draft,
    async changed(sources) {
      if (!sources.includes(source) || isSaving) return;
      const {digest} = await get("text", {source}).catch(error => {
        if (error.status === 404) return {};
        throw error;
      });
      if (digest === base.digest || isClosed) return;
      if (!digest || isChanged()) {
        notify(say("changed-elsewhere"));
        return;
      }
      await takeFile();
      tell(say("read-again"));
    },
  };

  const [title, ...meaning] = preview ? [] : clone(source).elements;
  page.facts.textContent = preview ? `${t(KIND[kind])} · ${lang.toUpperCase()}` : "";
  page.title.textContent = title?.textContent || listed?.title || source;
  page.meaning.append(...meaning);
  fillSheet();
  page.sheet.addEventListener("submit", event => {
    event.preventDefault();
    save();
  });
  if (preview) page.beside.append(preview.element);
  else page.beside.remove();
  area.addEventListener("input", changed);
  for (const event of ["keyup", "click"]) area.addEventListener(event, followSoon);
  main.replaceChildren(...page.elements);
  show(base);
  showFindings(base.findings);
  const kept = recall(base);
  if (kept?.conflict) {
    showBoth({yours: kept.text, theirs: base.text, digest: base.digest});
    return part;
  }
  if (kept) {
    base = {...base, ...kept.base};
    show({text: kept.body, ...kept});
    notify(clone("recovered", {moment: moment(kept.at)}, {discard}).elements, "warning");
  }
  showState();
  draft();
  return part;

  function fillSheet() {
    const {first, main, more, writing} = page, places = {first, main, more};
    page.unreadable.hidden = Boolean(form) || isList;
    area.lang = lang;
    if (hasArea && form) area.before(bar());
    if (!hasArea) writing.replaceChildren(findings);
    for (const {name, words, elements} of form?.sections ?? [])
      if (places[name]) {
        places[name].append(...elements);
        // The settings of no block stand among the blocks.
        if (!hasArea) writing.before(places[name]);
      }
      else writing.before(h("fieldset", {class: "section"}, h("legend", {}, labelOf(name)), h("p", {class: "meaning"}, words), elements));
  }

  function bar() {
    const other = site.languages.find(each => each !== lang);
    const commands = {
      ...COMMANDS,
      link: () => link(area, base).catch(tellRefusal),
      file: () => chooseFiles(area).catch(tellRefusal),
      word: () => mark(area, "[", `]{lang=${other}}`),
    };
    const {elements: [element], word} = clone("bar", {}, Object.fromEntries(Object.entries(commands).map(([name, work]) => [name, () => work(area)])));
    if (!other) word.remove();
    listenToKeys(area, element);
    for (const [event, from] of [["paste", "clipboardData"], ["drop", "dataTransfer"]])
      area.addEventListener(event, happened => {
        const files = [...happened[from].files];
        if (!files.length) return;
        happened.preventDefault();
        insertFiles(area, files);
      });
    area.addEventListener("dragover", event => {
      if (event.dataTransfer.types.includes("Files")) event.preventDefault();
    });
    return element;
  }

  function openMenu() {
    const other = texts.find(each => each.source === (listed?.translation || listed?.original));
    showMenu(page.menu, [
      ...other ? [h("a", {class: "as-button", href: partAddress("text", {source: other.source})}, t("Go to: {title}", other))] : [],
      ...actionsOf(listed ?? {source, kind: "home"}).map(([name, work]) => button(t(name), async () => {
        await save();
        const done = !isChanged() && await act(work, listed ?? {source});
        if (done?.deleted) location.hash = "#/";
        else if (done) await takeFile();
      })),
    ]);
  }
}
