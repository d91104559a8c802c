// Elements made by script or from a template of index.html. All text goes in as text nodes: nothing
// that a text holds is read as HTML.

import {t} from "./words.js";

let serial = 0;

/** An id that no other element of the page has. */
export const newId = name => `${name}-${++serial}`;

/** An element; `on` is its listeners by event, a property that is null or false is left out. */
export function h(name, {on = {}, ...properties} = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (key === "value" || key in element && typeof value !== "string") element[key] = value;
    else element.setAttribute(key, value === true ? "" : value);
  }
  for (const [event, listener] of Object.entries(on)) element.addEventListener(event, listener);
  element.append(...children.flat().filter(child => child || child === 0));
  return element;
}

export const button = (words, click, properties = {}) =>
  h("button", {type: "button", ...properties, on: {click}}, words);

/** A copy of a template in the owner's language: its elements, and those with a `data-part` by its name.
 *
 * `clicks` are listeners by the name of such a part.
 */
export function clone(id, values = {}, clicks = {}) {
  const content = document.getElementById(`t-${id}`).content.cloneNode(true);
  const nodes = document.createTreeWalker(content, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
  const parts = {};
  while (nodes.nextNode()) {
    const node = nodes.currentNode;
    if (node.nodeType === Node.TEXT_NODE) {
      if (node.data.trim()) node.data = t(node.data.trim(), values);
      continue;
    }
    if (node.dataset.part) parts[node.dataset.part] = node;
    if (node.ariaLabel) node.ariaLabel = t(node.ariaLabel);
  }
  for (const [name, click] of Object.entries(clicks)) parts[name].addEventListener("click", click);
  return {elements: [...content.children], ...parts};
}

/** The address of a part of the page. */
export const partAddress = (name, parameters) => `#/${name}?${new URLSearchParams(parameters)}`;

/** Tell a screen reader, and whoever looks; what is urgent interrupts. */
export function tell(message, {urgent = false} = {}) {
  const place = document.getElementById(urgent ? "alert" : "status");
  place.textContent = "";
  clearTimeout(place.timer);
  // The same words twice are told twice only if the region was empty in between.
  place.timer = setTimeout(() => {
    place.textContent = message;
    if (!urgent) place.timer = setTimeout(() => place.textContent = "", 6000);
  }, 50);
}

/** What was refused, as one sentence or more. */
export const sentence = ({message, faults = []}) =>
  faults.map(({problem, remedy}) => `${capital(problem)}. ${capital(remedy)}.`).join(" ")
  || message || t("The server does not answer.");

export const capital = words => words.charAt(0).toLocaleUpperCase() + words.slice(1);
export const tellRefusal = error => tell(sentence(error), {urgent: true});

/** Open a menu at a button: its items are elements. Escape, a click elsewhere and a choice close it. */
export function showMenu(opener, items) {
  const menu = h("div", {class: "menu", popover: "auto", "aria-label": opener.ariaLabel ?? opener.textContent, role: "group", on: {
    click: () => menu.hidePopover(),
    toggle({newState}) {
      if (newState === "closed") menu.remove();
    },
  }}, items);
  opener.after(menu);
  menu.showPopover({source: opener});
  items[0].focus();
}

/** Call `work` once nothing has called for `milliseconds`. */
export function afterPause(work, milliseconds) {
  let timer;
  return (...values) => {
    clearTimeout(timer);
    timer = setTimeout(work, milliseconds, ...values);
  };
}

/** A modal dialog of a template's copy, whose first element is its heading.
 *
 * What `answer` returns on submission, or null; it keeps the dialog open by undefined or an error,
 * which is shown there.
 */
export function ask({elements}, answer = () => true) {
  const [heading] = elements;
  heading.id = newId("dialog");
  return new Promise(resolve => {
    let result = null;
    const refusal = h("p", {role: "alert"});
    const form = h("form", {on: {
      async submit(event) {
        event.preventDefault();
        try {
          result = await answer(form) ?? null;
          if (result !== null) dialog.close();
        } catch (error) {
          refusal.className = "finding fault";
          refusal.textContent = sentence(error);
        }
      },
    }}, elements);
    const buttons = form.querySelector(".buttons");
    buttons.before(refusal);
    buttons.append(button(t("Cancel"), () => dialog.close()));
    const dialog = h("dialog", {"aria-labelledby": heading.id, on: {
      close() {
        dialog.remove();
        resolve(result);
      },
    }}, form);
    document.body.append(dialog);
    dialog.showModal();
  });
}
