// The versions of a text that were kept, and the way back to one.

import {get, post} from "./api.js";
import {marked, showConflict} from "./conflict.js";
import {button, clone, h, partAddress, say, tell, tellRefusal} from "./dom.js";
import {moment, t} from "./words.js";

export async function showHistory(main, site, {source}) {
  const [text, {versions}] = await Promise.all([get("text", {source}), get("history", {source})]);
  const page = clone("history", {title: text.values.title ?? source});
  const origin = {page: t("saved here"), git: t("saved by git"), file: t("left by another program")};
  const goBack = () => location.hash = page.back.hash;

  async function show({id, saved_at: at}, opener) {
    const {text: words} = await get("version", {source, id});
    for (const each of page.list.querySelectorAll("button")) each.ariaPressed = String(each === opener);
    const version = clone("version", {moment: moment(at)}, {restore: () => restore(id)});
    version.words.lang = text.lang;
    version.words.append(...marked(words, text.text));
    page.shown.replaceChildren(...version.elements);
  }

  async function restore(id) {
    try {
      await post("restore", {source, digest: text.digest, id});
      tell(say("restored-text"));
      goBack();
    } catch (error) {
      if (error.status === 409) showConflict(main, text, error.answer, goBack);
      else tellRefusal(error);
    }
  }

  page.back.href = partAddress("text", {source});
  page.none.hidden = versions.length > 0;
  page.list.append(...versions.map(version => h("li", {}, version.current
    ? h("p", {}, h("b", {}, t("The text of today")), " ", moment(version.saved_at))
    : button([moment(version.saved_at), h("span", {class: "facts"}, [origin[version.from], version.words].filter(Boolean).join(" · "))],
      ({currentTarget}) => show(version, currentTarget).catch(tellRefusal), {"aria-pressed": "false"}))));
  main.replaceChildren(...page.elements);
}
