// What the bar asks about: a link, a picture, a document.

import {others} from "./actions.js";
import {get, upload} from "./api.js";
import {block, relative, replace} from "./body.js";
import {ask, button, clone, h, sentence, tell} from "./dom.js";
import {plain} from "./list.js";
import {t} from "./words.js";

/** Words between brackets, and between quotes, as Markdown reads them. */
const bracketed = words => words.trim().replace(/[\\[\]]/g, "\\$&");
const quoted = words => words.replace(/[\\"]/g, "\\$&");

function choose({search, list}, items, wordsOf, chosen) {
  const fill = () => {
    const wanted = plain(search.value).split(/\s+/);
    const found = items.filter(item => wanted.every(word => plain(wordsOf(item)).includes(word)));
    list.replaceChildren(...found.slice(0, 30).map(item =>
      h("li", {}, button(wordsOf(item), () => chosen(item), {class: "link-button"}))));
  };
  search.addEventListener("input", fill);
  fill();
}

export async function link(area, text) {
  const {selectionStart: start, selectionEnd: end} = area;
  const texts = await others(text);
  const dialog = clone("link");
  let target = "";
  dialog.words.value = area.value.slice(start, end);
  choose(dialog, texts, each => each.title, each => {
    target = relative(text.source, each.source);
    dialog.words.value ||= each.title;
    dialog.picked.textContent = t("It leads to “{title}”.", each);
    dialog.words.focus();
  });
  const done = await ask(dialog, ({address, words}) => {
    const to = address.trim() || target;
    if (!to) dialog.picked.textContent = t("Choose a text, or give an address.");
    return to ? `[${bracketed(words)}](${to})` : undefined;
  });
  area.focus();
  if (done) replace(area, start, end, done);
}

export async function chooseFiles(area) {
  const known = (await get("files")).files.filter(each => each.kind === "image");
  const dialog = clone("file");
  let chosen;
  dialog.known.hidden = !known.length;
  choose(dialog, known, each => each.source.replace("images/", ""), each => {
    chosen = [each];
    dialog.file.form.requestSubmit();
  });
  const done = await ask(dialog, () => {
    const files = chosen ?? [...dialog.file.files];
    if (!files.length) dialog.picked.textContent = t("Choose a file.");
    return files.length ? files : undefined;
  });
  area.focus();
  if (done) await insertFiles(area, done);
}

/** Send files and put each into the text. */
export async function insertFiles(area, files) {
  for (const file of files) {
    const isNew = file instanceof File;
    const sent = isNew ? upload(file) : Promise.resolve({link: `/${file.source}`, told: []});
    // A refusal is told when the form is sent.
    sent.catch(() => {});
    const isPicture = !isNew || file.type.startsWith("image/") || /\.(heic|heif|avif)$/i.test(file.name);
    const markdown = await (isPicture ? describePicture : describeDocument)(file, sent);
    area.focus();
    if (markdown && isPicture) block(area, markdown);
    else if (markdown) replace(area, area.selectionStart, area.selectionEnd, markdown);
  }
}

/** The address of a file that is sent; a refusal is shown. */
async function whenSent(place, sent) {
  place.className = "";
  place.textContent = t("The file is being sent…");
  try {
    const {link: address, told} = await sent;
    if (told.length) tell(told.join(" "));
    return address;
  } catch (error) {
    place.className = "finding fault";
    place.textContent = sentence(error);
    return undefined;
  }
}

async function describePicture(file, sent) {
  const dialog = clone("picture", {name: file.name ?? file.source});
  const address = file instanceof File && URL.createObjectURL(file);
  if (address) dialog.seen.append(h("img", {src: address, alt: ""}));
  dialog.decorative.addEventListener("change", () => dialog.alt.disabled = dialog.decorative.checked);
  const done = await ask(dialog, async values => {
    const path = await whenSent(dialog.sending, sent);
    if (!path) return undefined;
    if (values.decorative) return `![](${path}){.decorative}`;
    const [caption, name] = [values.caption.trim(), values.credit.trim()];
    const title = [name && /[^.!?…]$/.test(caption) ? `${caption}.` : caption, name && t("Photo: {name}", {name})].filter(Boolean).join(" ");
    return `![${bracketed(values.alt)}](${path}${title && ` "${quoted(title)}"`})`;
  });
  URL.revokeObjectURL(address);
  return done;
}

function describeDocument(file, sent) {
  const dialog = clone("document", file);
  dialog.words.value = file.name.replace(/\.\w+$/, "");
  return ask(dialog, async ({words}) => {
    const address = await whenSent(dialog.sending, sent);
    return address && `[${bracketed(words)}](${address})`;
  });
}
