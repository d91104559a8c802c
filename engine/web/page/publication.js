// Publishing: what will change for readers, the button that publishes exactly that, and the way back.

import {follow, get, post} from "./api.js";
import {ask, button, capital, clone, h, partAddress, say, sentence, tell, textRow} from "./dom.js";
import {findingElement} from "./form.js";
import {countWords} from "./list.js";
import {t} from "./words.js";

const COUNTS = {
  added: "{count} new page | {count} new pages",
  changed: "{count} changed page | {count} changed pages",
  removed: "{count} removed page | {count} removed pages",
};

const finding = each => findingElement(each, each.source && (/\.md$|^(site|themes)\.yml$/.test(each.source)
  ? h("a", {href: partAddress("text", {source: each.source})}, each.source) : each.source));

export async function showPublication(main, site) {
  const page = clone(site.hosting ? "publication" : "unhosted", {}, site.hosting && {list});
  const {outcome, lines, releases} = page;
  let isClosed = false;

  function show({elements}) {
    outcome.replaceChildren(...elements);
    elements[0].focus();
  }

  /** What `more` makes of the result of a task; null if something went wrong, which is shown. */
  async function run(call, content, more = result => result) {
    lines.replaceChildren();
    main.classList.add("busy");
    try {
      const {task} = await post(call, content);
      const result = await more(await follow(task, line => lines.append(h("p", {}, capital(line)))));
      return isClosed ? null : result;
    } catch (error) {
      const refused = clone("refused", {}, {again: prepare});
      const {faults = []} = error;
      refused.words.append(...faults.length ? faults.map(finding) : [h("p", {class: "finding fault"}, sentence(error))]);
      if (!isClosed) show(refused);
      return null;
    } finally {
      main.classList.remove("busy");
    }
  }

  async function prepare() {
    outcome.replaceChildren(h("p", {}, say("preparing")));
    const ready = await run("publication/prepare", {}, async plan => ({plan, ...await get("findings")}));
    if (ready) showPlan(ready);
  }

  function showPlan({plan, findings}) {
    const part = clone("plan", plan, {again: prepare, publish});
    part.title.textContent = plan.nothing ? t("Nothing changes for your readers")
      : t("{count} page changes for your readers | {count} pages change for your readers", plan);
    for (const [name, words] of Object.entries(COUNTS))
      if (plan[name].length) part.pages.append(h("details", {class: "pages"},
        h("summary", {}, t(words, {count: plan[name].length})), h("ul", {}, plan[name].map(each => h("li", {}, each)))));
    part.pages.append(...plan.waiting.map(text => h("p", {}, t("Waits for its day: {text}", {text}))));
    part.lost.hidden = !plan.lost.length;
    const gone = plan.lost.map(each => {
      const box = h("input", {type: "checkbox", value: each.address});
      part.lost.append(findingElement({...each, severity: "warning"}),
        h("label", {class: "choice"}, box, h("span", {}, t("{address} is gone on purpose", each))));
      return box;
    });
    part.fewer.hidden = !plan.fewer_pages;
    part.findings.hidden = !findings.length;
    part.sum.textContent = countWords(0, findings.length);
    part.findings.append(...findings.map(finding));
    part.publish.hidden = plan.nothing;
    part.publish.textContent = t("Publish {count} page | Publish {count} pages", plan);
    show(part);

    async function publish() {
      if (gone.some(box => !box.checked) || plan.fewer_pages && !part.fewer.control.checked) {
        part.refusal.textContent = say("unagreed");
        return;
      }
      const done = await run("publication/publish", {digest: plan.digest, gone: gone.map(box => box.value), fewer_pages: plan.fewer_pages});
      if (!done) return;
      const published = clone("published", done);
      published.address.href = published.address.textContent = done.address;
      releases.replaceChildren();
      show(published);
    }
  }

  async function list() {
    const found = await run("releases/list", {});
    if (!found) return;
    releases.replaceChildren(...found.releases.map(({id, made, pages, live}) =>
      textRow(made, "h3", id, t("{count} page | {count} pages", {count: pages}), live ? h("b", {}, t("Online"))
        : button(t("Put online again"), () => restore(id), {"aria-label": t("Put online again: {release}", {release: id})}))));
    tell(t("{count} release | {count} releases", {count: found.releases.length}));
  }

  async function restore(release) {
    if (!await ask(clone("rollback", {release})) || !await run("releases/restore", {id: release})) return;
    await list();
    show(clone("restored", {release}, {again: prepare}));
  }

  main.replaceChildren(...page.elements);
  if (site.hosting) prepare();
  return {
    leave() {
      isClosed = true;
    },
  };
}
