// A form made from the schema: each key with its meaning, its example, and what is wrong beside it.

import {post} from "./api.js";
import {button, capital, clone, full, h, newId, partAddress, say, tellRefusal} from "./dom.js";
import {t} from "./words.js";

export const labelOf = name => t(`key ${name.split(".").at(-1)}`);
const marked = text => text.split("`").map((words, index) => index % 2 ? h("code", {}, words) : words);
const isEmpty = value => !value || typeof value === "object" && !Object.keys(value).length;
export const isSame = (one, other) => isEmpty(one) ? isEmpty(other) : JSON.stringify(one) === JSON.stringify(other);

/** One finding, in words, with more after them. */
export const findingElement = ({severity, problem, remedy}, ...more) => h("p", {class: `finding ${severity}`},
  h("b", {}, t({fault: "Fault:", warning: "Warning:", advice: "Advice:"}[severity])), " ",
  marked(`${full(problem)} `), remedy && marked(`${full(remedy)} `), more);

/** What puts a finding right in another file than the text; `check` is called if it does. */
export const remedies = ({word, list}, check) => [
  word && button(t("Accept “{word}”", {word}), ({target}) => {
    const field = target.closest(".field").querySelector("input, textarea");
    post("accept-word", {word}).then(() => {
      field.focus();
      check();
    }, tellRefusal);
  }, {class: "link-button"}),
  list && h("a", {href: partAddress("text", {source: list})}, say(list)),
];

export function makeForm(kind, site, isTranslation, change) {
  const fields = new Map(), sections = new Map();
  for (const key of site.kinds[kind].keys) {
    if (isTranslation && key.shared) continue;
    const field = makeField(key, site, change);
    const {block: name, block_meaning: words} = key;
    if (!sections.has(name)) sections.set(name, {name, words, elements: []});
    sections.get(name).elements.push(field.element);
    fields.set(key.name, field);
  }
  return {
    sections: [...sections.values()],
    read: () => Object.fromEntries([...fields].map(([name, field]) => [name, field.read()])),
    show: values => fields.forEach((field, name) => field.show(values[name] ?? "")),
    // Puts each fault beside its field; gives those that have none.
    find(faults) {
      fields.forEach((field, name) => field.find(faults.filter(fault => fault.key === name)));
      return faults.filter(fault => !fields.has(fault.key));
    },
    has: name => fields.has(name),
    focus(name) {
      const {element} = fields.get(name);
      const details = element.closest("details");
      if (details) details.open = true;
      element.querySelector("input, select, textarea").focus();
    },
  };
}

const CONTROLS = {
  choice: makeChoice, date: makeDate, list: makeThemes, links: makeRows, menu: makeRows,
  addresses: makeLines, colours: makeLines,
  file: (key, id, change, {projects}) =>
    makeChoice({...key, choices: projects.map(({value, title}) => ({value, meaning: title}))}, id, change),
};

function makeField(key, site, change) {
  const id = newId(key.name.replace(".", "-"));
  const hasChoices = key.choices?.length > 0;
  const {element: control, isGroup, ...field} = (CONTROLS[key.type] ?? (hasChoices ? makeChoice : makeInput))(key, id, change, site);
  const findings = h("div", {id: `${id}-findings`, "aria-live": "polite"});
  const label = [labelOf(key.name), key.required && ` ${t("(required)")}`];
  const element = h(isGroup ? "fieldset" : "div", {class: `field field-${key.name.replace(".", "-")}`},
    h(isGroup ? "legend" : "label", {for: !isGroup && id}, label),
    h("p", {class: "meaning", id: `${id}-meaning`}, marked(key.meaning ?? ""),
      key.example && [` ${t("Example:")} `, h("i", {}, key.example)]),
    control, findings);
  (isGroup ? element : control).setAttribute("aria-describedby", `${id}-meaning ${id}-findings`);
  return {
    ...field, element,
    find(found) {
      const told = found.map(each => findingElement(each, ...remedies(each, change)));
      if (told.map(each => each.textContent).join("") !== findings.textContent) findings.replaceChildren(...told);
      for (const input of element.querySelectorAll("input, select, textarea"))
        input.ariaInvalid = found.some(each => each.severity === "fault") ? "true" : null;
    },
  };
}

function makeInput(key, id, change) {
  const isLong = key.type === "text" && key.example.length > 30;
  const element = h(isLong ? "textarea" : "input", {
    id, rows: isLong && "2", autocomplete: "off", spellcheck: String(key.type === "text"),
    on: {input() {
      // A header's text has one line.
      if (element.value.includes("\n")) element.value = element.value.replaceAll("\n", " ");
      change();
    }},
  });
  return {element, read: () => element.value.trim() || null, show: value => element.value = value};
}

function makeChoice(key, id, change) {
  const {standard} = key;
  let was;
  const choices = standard ? key.choices : [{value: "", meaning: t("none")}, ...key.choices];
  const option = (value, words) => h("option", {value}, capital(words.replaceAll("`", "").split(/\s?;/)[0]));
  const element = h("select", {id, on: {change}}, choices.map(({value, meaning}) => option(value, meaning)));
  return {
    element,
    read: () => element.value === (was || standard) ? was : element.value === standard ? null : element.value,
    show(value) {
      was = value;
      const now = value || standard;
      // Another value stays until a choice is made.
      if (![...element.options].some(each => each.value === now)) element.append(option(now, now));
      element.value = now;
    },
  };
}

function makeThemes(key, id, change, site) {
  const {elements, boxes, name, add} = clone("themes", {}, {add: addTheme});
  const box = (value, checked) => h("label", {class: "choice"}, h("input", {type: "checkbox", value, checked, on: {change}}), value);
  function addTheme() {
    const value = name.value.trim();
    const there = [...boxes.querySelectorAll("input")].find(each => each.value === value);
    if (there) there.checked = true;
    else if (value) boxes.append(box(value, true));
    name.value = "";
    change();
  }
  name.addEventListener("keydown", event => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    add.click();
  });
  return {
    isGroup: true, element: h("div", {}, elements),
    read: () => [...boxes.querySelectorAll(":checked")].map(each => each.value),
    show(value) {
      const first = [value || []].flat();
      // In the order of the file, so that its line stays as it was.
      boxes.replaceChildren(...[...new Set([...first, ...site.themes])].map(each => box(each, first.includes(each))));
    },
  };
}

/** A date as precise as it is known: a day, a month, a year, its start or its end. */
function makeDate(key, id, change) {
  const {elements: [element], day, month, year} = clone("date");
  const isMonth = () => Number(month.value) > 0;
  element.addEventListener("input", () => {
    day.disabled = !isMonth();
    change();
  });
  return {
    isGroup: true, element,
    read() {
      const [d, y] = [day.value.trim(), year.value.trim()];
      return isMonth() ? [y, month.value, d && d.padStart(2, "0")].filter(Boolean).join("-")
        : [month.value, y].filter(Boolean).join(" ") || null;
    },
    show(value) {
      // What is no date stands in the field of the year, where it can be seen and changed.
      const [, y, m, d] = value.match(/^(\d{4})(?:-(0[1-9]|1[0-2])(?:-(\d{1,2}))?)?$/) ?? ["", value];
      const [, edge, other] = value.match(/^(start of|end of) (.*)$/) ?? [];
      [year.value, month.value, day.value] = [other ?? y, edge ?? m ?? "", d ?? ""];
      day.disabled = !isMonth();
    },
  };
}

function makeLines(key, id, change) {
  const element = h("textarea", {id, rows: "2", spellcheck: "false", on: {input: change}});
  return {
    element,
    read: () => element.value.split("\n").map(line => line.trim()).filter(Boolean),
    show: value => element.value = [value].flat().join("\n"),
  };
}

/** Rows of two words: a name and its address, or an entry of the menu and its words. */
function makeRows(key, id, change) {
  const isMenu = key.type === "menu";
  const rows = h("div", {class: "rows", on: {input: change}});
  function row(values) {
    const {elements: [element], remove} = clone(isMenu ? "menu-row" : "link-row", {}, {remove() {
      element.remove();
      change();
    }});
    element.querySelectorAll("input").forEach((input, index) => input.value = values[index] ?? "");
    remove.ariaLabel = t("Remove: {name}", {name: values[0]});
    return element;
  }
  return {
    isGroup: true,
    element: h("div", {}, rows, button(t("Add a line"), () => {
      rows.append(row(["", ""]));
      rows.lastChild.querySelector("input").focus();
    })),
    read() {
      const pairs = [...rows.children]
        .map(each => [...each.querySelectorAll("input")].map(input => input.value.trim())).filter(([name]) => name);
      return isMenu ? pairs : Object.fromEntries(pairs);
    },
    show: value => rows.replaceChildren(...(isMenu ? [...value] : Object.entries(value)).map(row)),
  };
}
