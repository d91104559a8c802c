// Elements, made by script or from a template. All text goes in as text nodes, never as HTML.

import {t} from "./words.js";

let serial = 0;

export const newId = name => `${name}-${++serial}`;

/** An element; `on`: its listeners by event. What is false is left out. */
export function h(name, {on = {}, ...attributes} = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key === "value") element.value = value;
    else if (value || value === "") element.setAttribute(key, value === true ? "" : value);
  }
  for (const [event, listener] of Object.entries(on)) element.addEventListener(event, listener);
  element.append(...children.flat().filter(Boolean));
  return element;
}

export const button = (words, click, properties = {}) =>
  h("button", {type: "button", ...properties, on: {click}}, words);

/** A copy of a template: its elements, and its parts by `data-part`, which listen to clicks. */
export function clone(id, values = {}, clicks = {}) {
  const content = document.getElementById(`t-${id}`).content.cloneNode(true);
  const texts = document.createTreeWalker(content, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const node = texts.currentNode;
    if (node.data.trim()) node.data = t(node.data.trim(), values);
  }
  for (const each of content.querySelectorAll("[aria-label]")) each.ariaLabel = t(each.ariaLabel);
  const parts = Object.fromEntries([...content.querySelectorAll("[data-part]")].map(each => [each.dataset.part, each]));
  for (const [name, click] of Object.entries(clicks)) parts[name].addEventListener("click", click);
  return {elements: [...content.children], ...parts};
}

export const say = id => clone(id).elements[0].textContent;

/** A row of a list, as `t-row` is one. */
export const textRow = (date, heading, title, facts, end) => h("li", {class: "text-row"}, h("p", {class: "date"}, date),
  h("div", {class: "what"}, h(heading, {}, title), h("p", {class: "facts"}, facts)), end);

export const partAddress = (name, parameters) => `#/${name}?${new URLSearchParams(parameters)}`;

/** Tell a screen reader, and whoever looks; what is urgent interrupts. */
export function tell(message, isUrgent) {
  const place = document.getElementById(isUrgent ? "alert" : "status");
  place.textContent = "";
  clearTimeout(place.timer);
  // The same words twice are told twice only if the region was empty in between.
  place.timer = setTimeout(() => {
    place.textContent = message;
    if (!isUrgent) place.timer = setTimeout(() => place.textContent = "", 6000);
  }, 50);
}

export const sentence = ({message, faults = []}) =>
  faults.map(({problem, remedy}) => `${full(problem)} ${full(remedy)}`).join(" ") || message || t("The server does not answer.");

export const capital = words => words.charAt(0).toLocaleUpperCase() + words.slice(1);
/** A sentence with its capital and its point. */
export const full = words => capital(words).replace(/[^.?!]$/, "$&.");
export const tellRefusal = error => tell(sentence(error), true);

/** Open a menu of elements at a button. */
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

/** A modal dialog of a template's copy: what `answer` gives for the values of its fields, or null.
 *
 * Undefined keeps the dialog open, and an error, which is shown there.
 */
export function ask({elements}, answer = () => true) {
  const [heading] = elements;
  const {activeElement: opener} = document, {selectionStart, selectionEnd} = opener;
  heading.id = newId("dialog");
  return new Promise(resolve => {
    let result = null;
    const refusal = h("p", {role: "alert"});
    const form = h("form", {on: {
      async submit(event) {
        event.preventDefault();
        try {
          result = await answer(Object.fromEntries(new FormData(form))) ?? null;
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
        // Chromium puts the cursor at the start of a text area that gets the focus back.
        if (selectionEnd) opener.setSelectionRange(selectionStart, selectionEnd);
        resolve(result);
      },
    }}, form);
    document.body.append(dialog);
    dialog.showModal();
  });
}
