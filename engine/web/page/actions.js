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

export const start = () => ask(clone("new"), ({elements}) =>
  post("new", {kind: elements.kind.value, title: elements.title.value}));

const duplicate = ({source, title}) => ask(clone("duplicate", {title}), ({elements}) =>
  post("duplicate", {source, title: elements.title.value}));

/** Hide or delete: both ask where readers go, if visitors saw the text. */
const takeAway = call => async text => {
  const dialog = clone(call, text);
  if (text.published !== false && ["online", "announced"].includes(text.state) && text.address) {
    const {elements, to} = clone("where", text);
    const {texts} = await get("texts");
    to.append(...texts.filter(each => each.address && each.state === "online" && each.lang === text.lang
      && each.source !== text.source).map(each => h("option", {value: each.address}, each.title)));
    dialog.where.append(...elements);
  }
  return ask(dialog, ({elements}) => post(call, {source: text.source, to: elements.to?.value ?? ""}));
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
