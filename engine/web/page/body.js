// The bar above a text and its keys. What they write goes in as typed text, so that undo takes it back.

/** Replace a range of a text area as if it were typed, and select `from`..`to` of the result. */
export function replace(area, start, end, words, from = start + words.length, to = from) {
  area.focus();
  area.setSelectionRange(start, end);
  // The one way of writing that the browser's undo knows; the other is for a browser without it.
  const written = words
    ? document.execCommand("insertText", false, words)
    : start === end || document.execCommand("delete");
  if (!written) {
    area.setRangeText(words, start, end, "end");
    area.dispatchEvent(new Event("input", {bubbles: true}));
  }
  area.setSelectionRange(from, to);
}

/** Put marks around the selection, without the spaces at its ends; take them away if they are there. */
export function mark(area, before, after = before) {
  let {selectionStart: start, selectionEnd: end, value} = area;
  while (start < end && /\s/.test(value[start])) start++;
  while (end > start && /\s/.test(value[end - 1])) end--;
  const words = value.slice(start, end);
  // `*` also ends `**`, which is another mark.
  const isMarked = value.slice(0, start).endsWith(before) && value.slice(end).startsWith(after);
  if (isMarked && (before !== "*" || !value.slice(0, start).endsWith("**"))) {
    const outer = start - before.length;
    return replace(area, outer, end + after.length, words, outer, outer + words.length);
  }
  replace(area, start, end, before + words + after, start + before.length, end + before.length);
}

/** Begin each selected line with a mark, or take it away if each has it. */
export function markLines(area, lineMark, pattern) {
  const {selectionStart, selectionEnd, value} = area;
  const start = value.lastIndexOf("\n", selectionStart - 1) + 1;
  let end = value.indexOf("\n", Math.max(start, selectionEnd - (selectionEnd > selectionStart)));
  if (end < 0) end = value.length;
  const lines = value.slice(start, end).split("\n");
  const are = lines.every(line => pattern.test(line));
  const words = lines.map(line => are ? line.replace(pattern, "") : lineMark + line.replace(pattern, "")).join("\n");
  replace(area, start, end, words, lines.length > 1 ? start : start + words.length, start + words.length);
}

/** Put a block on lines of its own, an empty line before and after it. */
export function block(area, words) {
  const {selectionEnd: place, value} = area;
  const before = value.slice(0, place), after = value.slice(place);
  const gap = text => text.match(/\n*$/)[0].length;
  const lead = before.trim() ? "\n".repeat(Math.max(0, 2 - gap(before))) : "";
  const tail = after.trim() ? "\n".repeat(Math.max(0, 2 - after.match(/^\n*/)[0].length)) : "\n";
  replace(area, place, place, lead + words + tail, place + (lead + words).length);
}

/** Call a note where the cursor is, and begin it at the end of the text. */
export function note(area) {
  const used = [...area.value.matchAll(/\[\^(\d+)\]/g)].map(found => Number(found[1]));
  const name = `[^${Math.max(0, ...used) + 1}]`;
  const place = area.selectionEnd;
  replace(area, place, place, name);
  const end = area.value.length;
  const lead = area.value.endsWith("\n\n") ? "" : area.value.endsWith("\n") ? "\n" : "\n\n";
  replace(area, end, end, `${lead}${name}: `);
}

/** The commands of the bar: their name, key, and what they do to the text area. */
export const COMMANDS = [
  ["Heading", "Alt+2", area => markLines(area, "## ", /^#{1,6}\s+/)],
  ["Bold", "Ctrl+B", area => mark(area, "**")],
  ["Italic", "Ctrl+I", area => mark(area, "*")],
  ["List", "Alt+L", area => markLines(area, "- ", /^[-*+]\s+/)],
  ["Quotation", "Alt+Q", area => markLines(area, "> ", /^>\s?/)],
  ["Note", "Alt+N", note],
];

/** Listen to the keys of a text area; `others` are more commands, of the same form. */
export function listenToKeys(area, commands) {
  area.addEventListener("keydown", event => {
    const held = event.ctrlKey || event.metaKey ? "Ctrl" : event.altKey ? "Alt" : "";
    // AltGr is both on Windows.
    if (!held || event.shiftKey || event.ctrlKey && event.altKey) return;
    // With Alt, a Mac gives another character; without Shift, a French keyboard gives no digit.
    const key = /^[a-z0-9]$/i.test(event.key) ? event.key.toUpperCase() : event.code.replace(/^Key|^Digit/, "");
    const command = commands.find(each => each[1] === `${held}+${key}`);
    if (!command) return;
    event.preventDefault();
    command[2](area);
  });
}

/** The path of one file as the text of another links to it: "../pages/a.md". */
export function relative(from, to) {
  const here = from.split("/").slice(0, -1), there = to.split("/");
  while (here.length && here[0] === there[0] && there.length > 1) {
    here.shift();
    there.shift();
  }
  return "../".repeat(here.length) + there.join("/");
}

/** The place of a line of a text, counted from 1: where it begins and ends. */
export function rangeOfLine(text, line) {
  const lines = text.split("\n");
  const index = Math.min(Math.max(line, 1), lines.length) - 1;
  const start = lines.slice(0, index).reduce((sum, each) => sum + each.length + 1, 0);
  return [start, start + lines[index].length];
}

/** Words of the block around the cursor, letters and digits only, as the page shows them. */
export function wordsAt(text, place) {
  const block = (text.slice(0, place).split(/\n\s*\n/).pop() + text.slice(place).split(/\n\s*\n/)[0]);
  return letters(block.replace(/\]\([^)]*\)|\]\[[^\]]*\]|\{[^}]*\}|<[^>]*>|^\[\^\d+\]:|\[\^\d+\]|&\w+;/gm, " "));
}

/** The letters and digits of a text: what typography does not change. */
export const letters = text => (text.match(/[\p{L}\p{N}]+/gu) ?? []).join("");
