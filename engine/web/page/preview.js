// The real page beside the text. Two frames take turns, so that nothing flashes and the place is kept.

import {h} from "./dom.js";
import {t} from "./words.js";

export function makePreview(site) {
  let [front, back] = ["", "behind"].map(name => h("iframe", {
    class: name, sandbox: "allow-scripts", title: t("Preview of the page"), referrerpolicy: "no-referrer",
  }));
  const message = h("p", {class: "preview-message", role: "status"});
  let y = 0, words = "", isLoading = false;

  function listen({source, data}) {
    // A sandboxed frame's origin is opaque: it is known by its window.
    if (source === front.contentWindow && data.y !== undefined) y = data.y;
    if (source !== back.contentWindow || !data.ready || !isLoading) return;
    isLoading = false;
    back.contentWindow.postMessage({y, words}, "*");
    [front, back] = [back, front];
    [front.className, back.className] = ["", "behind"];
    message.textContent = "";
  }
  addEventListener("message", listen);
  return {
    element: h("div", {class: "frames"}, message, front, back),
    show(address) {
      isLoading = true;
      back.src = address;
    },
    tell: sentence => message.textContent = sentence,
    find(now, always) {
      words = now;
      front.contentWindow?.postMessage({words, always}, "*");
    },
    stop: () => removeEventListener("message", listen),
  };
}
