// Finds the texts of this site by their words. It loads nothing before the first key: then the
// index, which engine/exports/search_index.py makes and describes, and with each result the file of
// texts from which its passage comes. Nothing that is typed leaves the browser.

const WORD = /[\p{L}\p{N}]+/gu;
// By where a text says a word: once, often, in its headings, in its title.
const PLACES = [1, 1.5, 3, 8];
// By how a word of the texts answers one that was typed.
const SAME = 1, SAME_STEM = 0.9, BEGINS = 0.6, NEAR = 0.4;
const SHOWN = 10, PASSAGE = 200, BEFORE = 60;
// Milliseconds: from the last key to the count, and that results wait for their passages.
const PAUSE = 300, PATIENCE = 500;

const form = document.querySelector(".search");
const input = form.elements.q;
const words = JSON.parse(form.dataset.words);
const status = document.querySelector(".search-status");
const list = document.querySelector(".search-results");
const [model, more] = document.querySelector(".search-parts").content.children;
const plan = document.querySelector(".site-plan");

class Index {
  constructor(content) {
    this.folded = content.folded;
    this.letters = new RegExp(`[${Object.keys(content.folded).join("")}]`, "g");
    this.common = new Set(content.common.split(" "));
    this.texts = content.texts;
    this.files = content.files;
    this.found = content.found;
    this.groups = new Map();
    this.forms = [];
    this.starts = new Map();
    this.ends = new Set();
    content.words.forEach((line, group) => {
      const [start, ...ends] = line.split(" ");
      this.starts.set(start, [...(this.starts.get(start) ?? []), group]);
      this.forms.push(ends.map(end => start + end));
      for (const end of ends) {
        this.ends.add(end);
        this.groups.set(start + end, group);
      }
    });
  }

  // As `fold` of search_index.py.
  fold(word) {
    return word.toLowerCase().replace(this.letters, letter => this.folded[letter])
      .normalize("NFD").replace(/\p{M}/gu, "");
  }

  // The words of a query, folded; the last one is a beginning while nothing follows it.
  read(query) {
    const typed = query.match(WORD)?.map(word => this.fold(word)) ?? [];
    const isTyping = /[\p{L}\p{N}]$/u.test(query);
    const last = typed.at(-1);
    const telling = [...new Set(typed)].filter(
      word => !this.common.has(word) && (word.length > 1 || this.groups.has(word)));
    if (!telling.length && isTyping && last.length > 1) telling.push(last);
    return telling.map(text => ({text, isBeginning: isTyping && text === last}));
  }

  // The forms of the texts that answer a typed word, each with a number from 0 to 1.
  answers({text, isBeginning}) {
    const found = new Map();
    const note = (form, value) => found.set(form, Math.max(value, found.get(form) ?? 0));
    for (const group of this.groupsOf(text))
      for (const form of this.forms[group]) note(form, form === text ? SAME : SAME_STEM);
    if ((isBeginning && text.length > 1) || (!found.size && text.length > 2))
      for (const form of this.groups.keys())
        if (form.startsWith(text)) note(form, BEGINS * (1 + text.length / form.length) / 2);
    if (!found.size)
      for (const form of near(text, this.groups.keys(), isBeginning)) note(form, NEAR);
    return found;
  }

  // A word that no text has may have the stem of one, and an end that words of the texts have.
  groupsOf(text) {
    if (this.groups.has(text)) return [this.groups.get(text)];
    for (let length = text.length - 1; length > 2; length--)
      if (this.ends.has(text.slice(length)) && this.starts.has(text.slice(0, length)))
        return this.starts.get(text.slice(0, length));
    return [];
  }

  // The numbers of the texts that answer, the best first; `isWhole`: each holds every word.
  // `marked`: form -> which of the words it answers.
  search(query) {
    const asked = this.read(query), marked = new Map(), scores = new Map();
    asked.forEach((word, number) => {
      const best = new Map();
      for (const [form, value] of this.answers(word)) {
        marked.set(form, number);
        const found = this.found[this.groups.get(form)];
        const rarity = Math.log(1 + this.texts.length / found.length);
        let text = -1;
        for (const each of found) {
          text += (each >> 2) + 1;
          best.set(text, Math.max(best.get(text) ?? 0, value * rarity * PLACES[each & 3]));
        }
      }
      for (const [text, score] of best) {
        const known = scores.get(text) ?? {text, count: 0, score: 0};
        scores.set(text, {text, count: known.count + 1, score: known.score + score});
      }
    });
    const all = [...scores.values()];
    const whole = all.filter(({count}) => count === asked.length);
    const kept = whole.length ? whole : all;
    kept.sort((a, b) => b.count - a.count || b.score - a.score || a.text - b.text);
    return {texts: kept.map(({text}) => text), isWhole: whole.length > 0, marked, asked};
  }
}

// The forms that are nearest to a word, by one letter added, left out, replaced or exchanged with
// its neighbour, from eight letters on by two; a beginning is held against beginnings.
function near(word, forms, isBeginning) {
  const limit = word.length < 4 ? 0 : word.length < 8 ? 1 : 2;
  const found = Array.from({length: limit + 1}, () => []);
  for (const form of forms) {
    const excess = form.length - word.length;
    if (excess < -limit || (excess > limit && !isBeginning)) continue;
    const away = distance(word, form.slice(0, word.length + limit), isBeginning);
    found[away]?.push(form);
  }
  return found.find((each, away) => away && each.length) ?? [];
}

// Optimal string alignment (Damerau–Levenshtein without changes of a change).
function distance(a, b, toBeginning) {
  let before, row = Array.from({length: b.length + 1}, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] !== b[j - 1]));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        next[j] = Math.min(next[j], before[j - 2] + 1);
    }
    before = row;
    row = next;
  }
  return toBeginning ? Math.min(...row) : row[b.length];
}

// --- Loading --------------------------------------------------------------------------------

let index, loading;
const texts = new Map(), files = new Map();

async function ask(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  return answer.json();
}

async function loadIndex() {
  loading ??= ask(form.dataset.index);
  try {
    index = new Index(await loading);
  } catch (error) {
    loading = undefined;
    throw error;
  }
}

const sleep = time => new Promise(done => setTimeout(done, time));

async function loadText(number) {
  const [first, name] = index.files.findLast(([first]) => first <= number);
  if (!files.has(name)) files.set(name, ask(new URL(name, new URL(form.dataset.index, location))));
  (await files.get(name)).forEach((text, place) => texts.set(first + place, text));
}

// --- Showing --------------------------------------------------------------------------------

let answer, turn = 0, pause;

async function search() {
  const query = input.value.trim(), own = ++turn;
  clearTimeout(pause);
  if (query && !index) {
    try {
      await loadIndex();
    } catch {
      if (own === turn) say(words.failed);
      return;
    }
    if (own !== turn) return;
  }
  const found = query ? index.search(input.value) : {texts: [], asked: []};
  const missing = found.texts.slice(0, SHOWN).filter(number => !texts.has(number));
  if (missing.length) {
    // Results that grow later would move: https://web.dev/articles/cls
    await Promise.race([Promise.allSettled(missing.map(loadText)), sleep(PATIENCE)]);
    if (own !== turn) return;
  }
  answer = found;
  list.replaceChildren();
  showMore();
  // Whoever listens hears the number once the typing pauses.
  pause = setTimeout(settle, PAUSE);
}

// What holds of a query that stays: the count that is read out, and the address of the page.
function settle() {
  clearTimeout(pause);
  const count = answer.texts.length, query = input.value.trim();
  const kind = !count ? "none" : !answer.isWhole ? "part" : count === 1 ? "one" : "many";
  say(answer.asked.length ? words[kind].replace("{}", count) : "");
  const address = new URL(location);
  query ? address.searchParams.set("q", query) : address.searchParams.delete("q");
  if (address.href !== location.href) history.replaceState(null, "", address);
}

function say(text) {
  if (status.textContent !== text) status.textContent = text;
}

function showMore() {
  const shown = list.children.length;
  for (const number of answer.texts.slice(shown, shown + SHOWN)) list.append(result(number));
  // What is not shown is not in the page: a hidden part of it may be looked for in vain.
  more.remove();
  plan.remove();
  if (list.children.length < answer.texts.length) list.after(more);
  if (!answer.texts.length) list.after(plan);
  return list.children[shown];
}

function result(number) {
  const [title, address, kind, date] = index.texts[number], {marked} = answer;
  const item = model.cloneNode(true);
  const [label, link, passage] = item.children;
  label.textContent = [words.kinds[kind], date].filter(Boolean).join(" · ");
  link.href = address;
  link.append(...withMarks(title, marked));
  const fill = () => passage.append(...withMarks(passageOf(texts.get(number), marked), marked));
  // A result is of use without its passage.
  texts.has(number) ? fill() : loadText(number).then(fill, () => passage.remove());
  return item;
}

// The words of a text that a query marks: where each begins and ends, and which word it answers.
function hits(text, marked) {
  return [...text.matchAll(WORD)].flatMap(found => {
    const asked = marked.get(index.fold(found[0]));
    return asked === undefined ? [] : {start: found.index, end: found.index + found[0].length, asked};
  });
}

// The part of a text that holds the most of the words, from the beginning of a line or sentence on.
function passageOf(text, marked) {
  const found = hits(text, marked);
  let start = 0, most = 0;
  found.forEach(({start: from}, place) => {
    const held = found.slice(place).filter(({end}) => end - from < PASSAGE - BEFORE);
    const count = new Set(held.map(({asked}) => asked)).size;
    if (count > most) [start, most] = [from, count];
  });
  const before = text.slice(0, start);
  // The space of "M. Martin" does not break, and ends no sentence.
  const end = [...before.matchAll(/\n|[.!?…][\u202f»”’)\]]* /g)].at(-1);
  const sentence = end ? end.index + end[0].length : 0;
  const from = start - sentence <= 2 * BEFORE ? sentence : before.indexOf(" ", start - BEFORE) + 1;
  let to = text.length;
  if (to > from + PASSAGE) to = Math.max(text.lastIndexOf(" ", from + PASSAGE), start);
  const passage = text.slice(from, to).trim().replaceAll("\n", "\u00a0· ");
  return `${from > sentence ? "… " : ""}${passage}${to < text.length ? " …" : ""}`;
}

function withMarks(text, marked) {
  const pieces = [];
  let from = 0;
  for (const {start, end} of hits(text, marked)) {
    const mark = document.createElement("mark");
    mark.textContent = text.slice(start, end);
    pieces.push(text.slice(from, start), mark);
    from = end;
  }
  return [...pieces, text.slice(from)];
}

// --- Keys -----------------------------------------------------------------------------------

// From the field through the results and back by the arrow keys.
function move(event) {
  const links = [...list.querySelectorAll("a")], place = links.indexOf(document.activeElement);
  const target = {ArrowDown: place + 1, ArrowUp: place - 1, Escape: -1}[event.key];
  if (target === undefined || target >= links.length || (place < 0 && target < 0)) return;
  event.preventDefault();
  (links[target] ?? input).focus();
}

function readAddress() {
  input.value = new URLSearchParams(location.search).get("q") ?? "";
  if (input.value || index) search();
}

input.addEventListener("input", search);
form.addEventListener("keydown", move);
list.addEventListener("keydown", move);
list.addEventListener("click", () => settle());
form.addEventListener("submit", event => {
  event.preventDefault();
  if (answer) settle();
});
more.addEventListener("click", () => showMore().querySelector("a").focus());
addEventListener("popstate", readAddress);
readAddress();
