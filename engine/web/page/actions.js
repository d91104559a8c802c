// What can be done with a text. An action gives what the server did, or null if it was given up.

import {get, post} from "./api.js";
import {ask, clone, h, partAddress, tell, tellRefusal} from "./dom.js";
import {t} from "./words.js";

/** Do one; what it gave if the page stays where it is. */
export async function act(work, text) {
  try {
    const done = await work(text);
    if (!done) return null;
    tell(done.told?.join(" ") || t("Done."));
    if (!done.address && !done.source) return done;
    location.hash = done.address ?? partAddress("text", {source: done.source});
  } catch (error) {
    tellRefusal(error);
  }
  return null;
}

export const start = () => ask(clone("new"), values => post("new", values));

const duplicate = ({source, title}) => ask(clone("duplicate", {title}), values => post("duplicate", {source, ...values}));

/** The other texts in the language of one: where a link or a reader may go. */
export async function others({source, lang}) {
  const {texts} = await get("texts");
  return texts.filter(each => each.lang === lang && each.source !== source);
}

/** Hide or delete: both ask where readers go, if visitors saw the text. */
const takeAway = call => async text => {
  const dialog = clone(call, text);
  if (text.published !== false && ["online", "announced"].includes(text.state) && text.address) {
    const {elements, to} = clone("where", text);
    to.append(...(await others(text)).filter(each => each.address && each.state === "online")
      .map(each => h("option", {value: each.address}, each.title)));
    dialog.where.append(...elements);
  }
  return ask(dialog, values => post(call, {source: text.source, to: "", ...values}));
};

export function actionsOf(text) {
  const isOwn = text.kind !== "home" && text.state !== "unreadable";
  const isOriginal = isOwn && !text.original;
  return [
    isOriginal && !text.translation && ["Translate", ({source}) => post("translate", {source})],
    text.translated === "older" && ["The translation is up to date", async ({translation}) => {
      await post("accept", {source: translation});
      return {told: [t("The translation is marked as up to date.")]};
    }],
    isOriginal && ["Duplicate", duplicate],
    isOwn && text.state === "draft" && ["Make visible", ({source}) => post("show", {source})],
    isOriginal && text.kind === "project" && text.state === "draft"
      && ["Announce", ({source}) => post("announce", {source})],
    isOwn && text.state !== "draft" && ["Hide", takeAway("hide")],
    ["History", ({source}) => ({address: partAddress("history", {source})})],
    isOwn && ["Delete", takeAway("delete")],
  ].filter(Boolean);
}
