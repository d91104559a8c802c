// The bar above a text and its keys. What they write is as if typed: undo takes it back.

/** Replace a range of a text area, and select `from`..`to` of the result. */
export function replace(area, start, end, words, from = start + words.length, to = from) {
  area.focus();
  area.setSelectionRange(start, end);
  // The one way of writing that the browser's undo knows.
  document.execCommand("insertText", false, words);
  area.setSelectionRange(from, to);
}

/** Put marks around the selected words, or take them away. */
export function mark(area, before, after = before) {
  const {selectionStart, selectionEnd, value} = area;
  const selected = value.slice(selectionStart, selectionEnd), words = selected.trim();
  const start = selectionStart + (words && selected.indexOf(words)), end = start + words.length;
  const lead = value.slice(0, start), outer = start - before.length;
  // `*` also ends `**`, which is another mark.
  if (lead.endsWith(before) && value.startsWith(after, end) && !(before === "*" && lead.endsWith("**")))
    replace(area, outer, end + after.length, words, outer, outer + words.length);
  else replace(area, start, end, before + words + after, start + before.length, end + before.length);
}

/** Begin each selected line with a sign, or take it away if each has it. */
function markLines(area, sign, pattern) {
  const {selectionStart, selectionEnd, value} = area;
  const start = value.lastIndexOf("\n", selectionStart - 1) + 1;
  const end = (value + "\n").indexOf("\n", Math.max(start, selectionEnd - (selectionEnd > selectionStart)));
  const lines = value.slice(start, end).split("\n");
  const prefix = lines.every(line => pattern.test(line)) ? "" : sign;
  const words = lines.map(line => prefix + line.replace(pattern, "")).join("\n");
  replace(area, start, end, words, lines.length > 1 ? start : undefined, start + words.length);
}

/** Put a block between empty lines. */
export function block(area, words) {
  const {selectionEnd: place, value} = area;
  const [before, after] = [value.slice(0, place), value.slice(place)];
  const lead = before.trim() ? "\n\n".slice(before.match(/\n{0,2}$/)[0].length) : "";
  const tail = after.trim() ? "\n\n".slice(after.match(/^\n{0,2}/)[0].length) : "\n";
  replace(area, place, place, lead + words + tail, place + lead.length + words.length);
}

function note(area) {
  const used = [...area.value.matchAll(/\[\^(\d+)\]/g)].map(found => Number(found[1]));
  const name = `[^${Math.max(0, ...used) + 1}]`;
  replace(area, area.selectionEnd, area.selectionEnd, name);
  const end = area.value.length;
  replace(area, end, end, `${"\n\n".slice(area.value.match(/\n{0,2}$/)[0].length)}${name}: `);
}

// What the buttons of the bar do to a text area.
export const COMMANDS = {
  heading: area => markLines(area, "## ", /^#{1,6}\s+/),
  bold: area => mark(area, "**"),
  italic: area => mark(area, "*"),
  list: area => markLines(area, "- ", /^[-*+]\s+/),
  quotation: area => markLines(area, "> ", /^>\s?/),
  note,
};

/** Let the keys that the buttons name click them. */
export function listenToKeys(area, bar) {
  area.addEventListener("keydown", event => {
    const held = event.ctrlKey || event.metaKey ? "Ctrl" : "Alt";
    // AltGr is both on Windows.
    if (event.shiftKey || (event.ctrlKey || event.metaKey) === event.altKey) return;
    // With Alt, a Mac gives another character; without Shift, a French keyboard gives no digit.
    const key = /^[a-z0-9]$/i.test(event.key) ? event.key.toUpperCase() : event.code.replace(/^Key|^Digit/, "");
    const button = bar.querySelector(`[title="${held}+${key}"]`);
    if (!button) return;
    event.preventDefault();
    button.click();
  });
}

/** The path by which one file links to another: "../pages/a.md". */
export function relative(from, to) {
  const here = from.split("/").slice(0, -1), there = to.split("/");
  while (here.length && here[0] === there[0]) {
    here.shift();
    there.shift();
  }
  return "../".repeat(here.length) + there.join("/");
}

export function rangeOfLine(text, line) {
  const lines = text.split("\n");
  const start = lines.slice(0, line - 1).join("\n").length + (line > 1);
  return [start, start + (lines[line - 1] ?? "").length];
}

/** The letters and digits of the block around the cursor that the page shows. */
export const wordsAt = (text, place) =>
  ((text.slice(0, place).split(/\n\s*\n/).pop() + text.slice(place).split(/\n\s*\n/)[0])
    .replace(/\]\([^)]*\)|\]\[[^\]]*\]|\{[^}]*\}|<[^>]*>|\[\^\d+\]:?|&\w+;/g, " ").match(/[\p{L}\p{N}]+/gu) ?? []).join("");
