// A form made from the schema: each key with its meaning, its example, and what is wrong beside it.

import {button, capital, h, newId} from "./dom.js";
import {lang, t} from "./words.js";

/** What the owner calls a key: the catalogues have it as "key title". */
export const labelOf = name => t(`key ${name.split(".").at(-1)}`);
/** Keys that stand above the text; the others are below it. */
const MAIN = ["title", "date", "project", "tags", "summary", "status", "definition", "projects", "start", "end", "place", "role"];
/** Keys that only the file's name or a command gives. */
const UNSHOWN = ["lang", "translated_from"];
/** What the site does without the line, where one of the choices says so. */
const WITHOUT = {status: "published", template: "page", hsts_preload: "no", "publication.mode": "symlink"};
const INPUTS = {"whole number": "number", "small number": "number", "e-mail": "email", telephone: "tel"};
const WITH_EXAMPLE = ["text", "slug", "addresses", "site address", "telephone", "e-mail", "siret", "vat number",
  "picture", "server value", "sign", "menu", "colours", "identifier", "time zone"];

/** Plain text where `code` is marked. */
const marked = text => text.split("`").map((words, index) => index % 2 ? h("code", {}, words) : words);
const isEmpty = value => value === undefined || value === null || value === ""
  || typeof value === "object" && !Object.keys(value).length;
export const isSame = (one, other) => isEmpty(one) ? isEmpty(other) : JSON.stringify(one) === JSON.stringify(other);

/** One finding, in words, with more after them. */
export function findingElement({severity, problem, remedy}, ...more) {
  const kind = t({fault: "Fault:", warning: "Warning:", advice: "Advice:"}[severity]);
  return h("p", {class: `finding ${severity}`}, h("b", {}, kind), " ", marked(`${capital(problem)}. `),
    remedy && marked(`${capital(remedy)}. `), more);
}

/** The form of a kind of text; `change` is called at each change of a value.
 *
 * It gives its `sections`, `read()` (all values, null for none), `show(values)`, `find(faults)`, which
 * puts each fault beside its field and returns those that have none, and `focus(name)`.
 */
export function makeForm(kind, site, isTranslation, change) {
  const fields = new Map(), sections = new Map();
  for (const key of site.kinds[kind].keys) {
    if (UNSHOWN.includes(key.name) || isTranslation && key.shared) continue;
    const field = makeField(key, site, change);
    fields.set(key.name, field);
    const name = kind === "settings" ? key.block : MAIN.includes(key.name) ? "main" : "more";
    // Keys without a block stand between blocks, and come together before them.
    if (!sections.has(name)) sections.set(name, {name, words: key.block_meaning, elements: []});
    sections.get(name).elements.push(field.element);
  }
  return {
    sections: [...sections.values()].sort((one, other) => Boolean(one.name) - Boolean(other.name)),
    read: () => Object.fromEntries([...fields].map(([name, field]) => [name, field.read()])),
    show(values) {
      for (const [name, field] of fields) field.show(values[name]);
    },
    find(faults) {
      for (const [name, field] of fields) field.find(faults.filter(fault => fault.key === name));
      return faults.filter(fault => !fields.has(fault.key));
    },
    focus(name) {
      const field = fields.get(name)?.element;
      const details = field?.closest("details");
      if (details) details.open = true;
      field?.querySelector("input, select, textarea").focus();
    },
    has: name => fields.has(name),
  };
}

function makeField(key, site, change) {
  const id = newId(key.name.replace(".", "-"));
  const describedBy = `${id}-meaning ${id}-findings`;
  const control = (CONTROLS[key.type] ?? (key.choices?.length ? makeChoice : makeInput))(key, {id, change}, site);
  const findings = h("div", {id: `${id}-findings`, "aria-live": "polite"});
  const label = [labelOf(key.name), key.required && h("span", {class: "required"}, ` ${t("(required)")}`)];
  const example = WITH_EXAMPLE.includes(key.type) && !key.choices?.length
    && [t("Example:"), " ", h("i", {}, key.example.trim().replace(/\s*\n\s*/g, " "))];
  const inputs = () => element.querySelectorAll("input, select, textarea");
  const element = h(control.isGroup ? "fieldset" : "div", {class: `field field-${key.name.replace(".", "-")}`},
    control.isGroup ? h("legend", {}, label) : h("label", {for: id}, label),
    h("p", {class: "meaning", id: `${id}-meaning`}, marked(key.meaning ?? ""), " ", example), control.element, findings);
  for (const each of control.isGroup ? [element] : inputs()) each.setAttribute("aria-describedby", describedBy);
  return {
    ...control, element,
    find(found) {
      const told = found.map(each => findingElement(each));
      if (told.map(each => each.textContent).join("") !== findings.textContent) findings.replaceChildren(...told);
      for (const input of inputs()) input.ariaInvalid = found.some(each => each.severity === "fault") ? "true" : null;
    },
  };
}

const CONTROLS = {
  choice: makeChoice, date: makeDate, file: makeProject, list: makeThemes, links: makeRows, menu: makeRows,
  addresses: makeLines, colours: makeLines,
};

function makeInput(key, {id, change}) {
  const isLong = key.type === "text" && key.example.length > 30;
  const element = isLong ? h("textarea", {id, rows: "2"})
    : h("input", {id, type: INPUTS[key.type] ?? "text", autocomplete: "off", spellcheck: String(key.type === "text")});
  element.addEventListener("input", () => {
    // A header's text has one line.
    if (element.value.includes("\n")) element.value = element.value.replaceAll("\n", " ");
    change();
  });
  return {
    element,
    read: () => element.value.trim() || null,
    show: value => element.value = value ?? "",
  };
}

function makeChoice(key, {id, change}) {
  const without = WITHOUT[key.name];
  const options = without ? key.choices : [{value: "", meaning: t("none")}, ...key.choices];
  const element = h("select", {id, on: {change}}, options.map(({value, meaning}) => h("option", {value}, capital(meaning.replaceAll("`", "")))));
  return {
    element,
    read: () => element.value === without ? null : element.value || null,
    show(value) {
      const now = value || without || "";
      // A value that is none of the choices stays until another is chosen.
      if (![...element.options].some(option => option.value === now)) element.append(h("option", {value: now}, now));
      element.value = now;
    },
  };
}

function makeProject(key, parts, site) {
  return makeChoice({...key, choices: site.projects.map(({value, title}) => ({value, meaning: title}))}, parts);
}

function makeThemes(key, {id, change}, site) {
  const boxes = h("div", {class: "choices"});
  const own = h("input", {id: `${id}-new`, autocomplete: "off"});
  const box = (value, checked) => h("label", {class: "choice"}, h("input", {type: "checkbox", value, checked, on: {change}}), value);
  function add() {
    const name = own.value.trim();
    if (!name) return;
    const there = [...boxes.querySelectorAll("input")].find(each => each.value === name);
    if (there) there.checked = true;
    else boxes.append(box(name, true));
    own.value = "";
    change();
  }
  own.addEventListener("keydown", event => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    add();
  });
  return {
    isGroup: true,
    element: h("div", {}, boxes, h("div", {class: "add"},
      h("label", {for: own.id}, t("Another theme")), own, button(t("Add"), add))),
    read() {
      const chosen = [...boxes.querySelectorAll(":checked")].map(each => each.value);
      return chosen.length ? chosen : null;
    },
    show(value) {
      const first = [value ?? []].flat();
      // Those of the file come first, in its order, so that its line stays as it was.
      boxes.replaceChildren(...[...new Set([...first, ...site.themes])].map(name => box(name, first.includes(name))));
    },
  };
}

const MONTHS = Array.from({length: 12}, (_, month) => String(month + 1).padStart(2, "0"));

/** A label above an input, as one part of a group. */
const part = (words, input) => h("div", {class: "part"}, h("label", {for: input.id}, words), input);

/** A date as precise as it is known: a day, a month, a year, its start or its end. */
function makeDate(key, {id, change}) {
  const name = new Intl.DateTimeFormat(lang, {month: "long", timeZone: "UTC"});
  const day = h("input", {id: `${id}-day`, inputmode: "numeric", autocomplete: "off"});
  const year = h("input", {id: `${id}-year`, inputmode: "numeric", autocomplete: "off"});
  const month = h("select", {id: `${id}-month`}, [
    ["", t("not known")], ["start of", t("start of the year")], ["end of", t("end of the year")],
    ...MONTHS.map(each => [each, name.format(new Date(`2000-${each}-01`))]),
  ].map(([value, words]) => h("option", {value}, words)));
  const isMonth = () => MONTHS.includes(month.value);
  const element = h("div", {class: "date-parts", on: {input() {
    day.disabled = !isMonth();
    change();
  }}}, part(t("Day"), day), part(t("Month"), month), part(t("Year"), year));
  return {
    isGroup: true, element,
    read() {
      const [d, y] = [day.value.trim(), year.value.trim()];
      if (isMonth()) return [y, month.value, d && d.padStart(2, "0")].filter(Boolean).join("-");
      return [month.value, y].filter(Boolean).join(" ") || null;
    },
    show(value) {
      const text = value ?? "";
      const [, y, m, d] = text.match(/^(\d{4})(?:-(0[1-9]|1[0-2])(?:-(\d{1,2}))?)?$/)
        ?? text.match(/^(?=(?:start|end) of )(?:(?:start|end) of )(.*)$/)?.with(2, text.match(/^\w+ of/)[0])
        // What is no date stands in the field of the year, where it can be seen and changed.
        ?? ["", text];
      [year.value, month.value, day.value] = [y ?? "", m ?? "", d ?? ""];
      day.disabled = !isMonth();
    },
  };
}

/** A list, one item a line. */
function makeLines(key, {id, change}) {
  const element = h("textarea", {id, rows: "2", spellcheck: "false", on: {input: change}});
  return {
    element,
    read() {
      const lines = element.value.split("\n").map(line => line.trim()).filter(Boolean);
      return lines.length ? lines : null;
    },
    show: value => element.value = [value ?? []].flat().join("\n"),
  };
}

/** Rows of two words: a name and its address, or an entry of the menu and its words. */
function makeRows(key, {change}) {
  const isMenu = key.type === "menu";
  const labels = isMenu ? [t("Entry"), t("Words, if others")] : [t("Name"), t("Address")];
  const rows = h("div", {class: "rows", on: {input: change}});
  const row = (values = ["", ""]) => {
    const inputs = labels.map((words, index) => part(words, h("input", {id: newId("row"), value: values[index] ?? "", autocomplete: "off"})));
    const element = h("div", {class: "row"}, inputs, button(t("Remove"), () => {
      element.remove();
      change();
    }, {"aria-label": t("Remove: {name}", {name: values[0]})}));
    return element;
  };
  return {
    isGroup: true,
    element: h("div", {}, rows, button(t("Add a line"), () => {
      rows.append(row());
      rows.lastChild.querySelector("input").focus();
    })),
    read() {
      const pairs = [...rows.children]
        .map(each => [...each.querySelectorAll("input")].map(input => input.value.trim())).filter(([name]) => name);
      if (!pairs.length) return null;
      return isMenu ? pairs : Object.fromEntries(pairs);
    },
    show: value => rows.replaceChildren(...(isMenu ? value ?? [] : Object.entries(value ?? {})).map(row)),
  };
}
