// The texts that were deleted, and their way back.

import {get, post} from "./api.js";
import {button, clone, h, partAddress, tell, tellRefusal} from "./dom.js";
import {moment, t} from "./words.js";

export async function showDeleted(main) {
  const {deleted} = await get("deleted");
  const {elements, list, none} = clone("deleted");

  async function restore(id) {
    try {
      const {sources, told} = await post("undelete", {id});
      tell(told[0] ?? t("Done."));
      location.hash = partAddress("text", {source: sources[0]});
    } catch (error) {
      tellRefusal(error);
    }
  }

  none.hidden = deleted.length > 0;
  list.append(...deleted.map(({id, title, sources, deleted_at: at}) => h("li", {class: "text-row"},
    h("p", {class: "date"}, moment(at)),
    h("div", {class: "what"}, h("h2", {}, title), h("p", {class: "facts"}, sources.join(", "))),
    button(t("Restore"), () => restore(id), {"aria-label": t("Restore “{title}”", {title})}))));
  main.replaceChildren(...elements);
}
