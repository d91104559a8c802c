// A save that was refused, since the file changed meanwhile: both versions side by side.

import {post} from "./api.js";
import {clone, h, tellRefusal} from "./dom.js";
import {forget} from "./unsaved.js";

/** The lines of one text; those that the other has not are marked. */
export function marked(text, other) {
  const there = new Map();
  for (const line of other.split("\n")) there.set(line, (there.get(line) ?? 0) + 1);
  return text.split("\n").map(line => {
    const left = there.get(line) ?? 0;
    there.set(line, left - 1);
    return h(left > 0 || !line ? "span" : "mark", {}, `${line}\n`);
  });
}

/** Show both; `again` shows the text as it is then. */
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
