// Publishing: what will change for readers, the button that publishes exactly that, and the way back.

import {follow, post} from "./api.js";
import {ask, button, clone, h, partAddress, sentence, tell} from "./dom.js";
import {findingElement} from "./form.js";
import {countWords} from "./list.js";
import {t} from "./words.js";

const COUNTS = {
  added: "{count} new page | {count} new pages",
  changed: "{count} changed page | {count} changed pages",
  removed: "{count} removed page | {count} removed pages",
};

export async function showPublication(main, site) {
  if (!site.hosting) {
    main.replaceChildren(...clone("unhosted").elements);
    return {};
  }
  const page = clone("publication", {}, {list});
  const {outcome, lines, releases} = page;
  let isClosed = false;

  function show({elements}) {
    outcome.replaceChildren(...elements);
    elements[0].focus();
  }

  /** Run a task of the server and show its lines; what went wrong is shown, and null returned. */
  async function run(call, content) {
    lines.replaceChildren();
    main.classList.add("busy");
    try {
      const {task} = await post(call, content);
      return await follow(task, line => lines.append(h("li", {}, line)));
    } catch (error) {
      const refused = clone("refused", {}, {again: prepare});
      const faults = error.faults ?? [];
      refused.words.append(...faults.length ? faults.map(finding) : [h("p", {class: "finding fault"}, sentence(error))]);
      if (!isClosed) show(refused);
      return null;
    } finally {
      main.classList.remove("busy");
    }
  }

  const finding = each => findingElement(each, each.source && (/\.md$|^site\.yml$/.test(each.source)
    ? h("a", {href: partAddress("text", {source: each.source})}, each.source) : each.source));

  async function prepare() {
    outcome.replaceChildren(h("p", {}, t("The site is made and checked, then compared with the one online…")));
    const plan = await run("publication/prepare", {});
    if (plan && !isClosed) showPlan(plan);
  }

  function showPlan(plan) {
    const part = clone("plan", plan, {again: prepare, publish});
    part.title.textContent = plan.nothing ? t("Nothing changes for your readers")
      : t("{count} page changes for your readers | {count} pages change for your readers", plan);
    for (const [name, words] of Object.entries(COUNTS)) {
      const addresses = plan[name];
      if (addresses.length) part.pages.append(h("details", {class: "pages"},
        h("summary", {}, t(words, {count: addresses.length})), h("ul", {}, addresses.map(each => h("li", {}, each)))));
    }
    part.pages.append(...plan.waiting.map(line => h("p", {}, line)));
    part.lost.hidden = !plan.lost.length;
    const gone = plan.lost.map(each => {
      const box = h("input", {type: "checkbox", value: each.address});
      part.lost.append(findingElement({...each, severity: "warning"}),
        h("label", {class: "choice"}, box, h("span", {}, t("{address} is gone on purpose", each))));
      return box;
    });
    const fewer = part.fewer.querySelector("input");
    part.fewer.hidden = !plan.fewer_pages;
    part.findings.hidden = !plan.findings.length;
    part.sum.textContent = countWords(0, plan.findings.length);
    part.findings.append(...plan.findings.map(finding));
    part.publish.hidden = plan.nothing;
    part.publish.textContent = t("Publish {count} page | Publish {count} pages", plan);
    show(part);

    async function publish() {
      if (gone.some(box => !box.checked) || plan.fewer_pages && !fewer.checked) {
        part.refusal.textContent = t("First agree to what is asked above, or change the texts.");
        return;
      }
      const done = await run("publication/publish", {
        digest: plan.digest, gone: gone.map(box => box.value), fewer_pages: plan.fewer_pages,
      });
      if (!done || isClosed) return;
      const published = clone("published", done);
      published.address.href = published.address.textContent = done.address;
      show(published);
      releases.replaceChildren();
    }
  }

  async function list() {
    const found = await run("releases/list", {});
    if (!found || isClosed) return;
    releases.replaceChildren(...found.releases.map(each => h("li", {class: "text-row"},
      h("p", {class: "date"}, each.made),
      h("div", {class: "what"}, h("h3", {}, each.id), h("p", {class: "facts"}, t("{count} page | {count} pages", {count: each.pages}))),
      each.live ? h("p", {}, h("b", {}, t("Online")))
        : button(t("Put online again"), () => restore(each.id), {"aria-label": t("Put {release} online again", {release: each.id})}))));
    if (!found.releases.length) tell(t("There is none."));
  }

  async function restore(release) {
    if (!await ask(clone("rollback", {release})) || !await run("releases/restore", {id: release})) return;
    outcome.replaceChildren(h("h2", {}, t("{release} is online again.", {release})),
      h("p", {class: "buttons"}, button(t("Look again"), prepare)));
    tell(t("{release} is online again.", {release}));
    await list();
  }

  main.replaceChildren(...page.elements);
  prepare();
  return {
    leave() {
      isClosed = true;
    },
  };
}
