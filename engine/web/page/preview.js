// The real page beside the text. Two frames take turns, so that nothing flashes and the place is kept.

import {h} from "./dom.js";
import {t} from "./words.js";

/** The frames, and `show(address)`, `tell(sentence)`, `find(words)`, `stop()`. */
export function makePreview(site) {
  const makeFrame = () => h("iframe", {
    sandbox: "allow-scripts", title: t("Preview of the page"), referrerpolicy: "no-referrer",
  });
  let front = makeFrame(), back = makeFrame();
  back.className = "behind";
  const message = h("p", {class: "preview-message"});
  const element = h("div", {class: "frames"}, message, front, back);
  let y = 0, words = "", pending = "";

  function listen({source, data}) {
    // A sandboxed frame's origin is opaque: it is known by its window.
    if (source === front.contentWindow && typeof data?.y === "number") y = data.y;
    if (source !== back.contentWindow || !data?.ready || !pending) return;
    pending = "";
    back.contentWindow.postMessage({y}, "*");
    if (words) back.contentWindow.postMessage({words}, "*");
    [front, back] = [back, front];
    front.className = "";
    back.className = "behind";
    message.textContent = "";
  }
  addEventListener("message", listen);
  return {
    element,
    show(address) {
      if (!address.startsWith(`${site.preview}/`)) return;
      pending = address;
      back.src = address;
    },
    tell(sentence) {
      message.textContent = sentence;
    },
    find(now, always = false) {
      words = now;
      if (now) front.contentWindow?.postMessage({words, always}, "*");
    },
    stop: () => removeEventListener("message", listen),
  };
}
