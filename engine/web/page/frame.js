// Runs in the preview's frame, which is another origin: it can scroll the page, and tell that it is
// there. The server puts the origin of the writing page before it, as WRITER.
/* global WRITER */
{
  const letters = text => (text.match(/[\p{L}\p{N}]+/gu) ?? []).join("");
  const send = message => parent.postMessage(message, WRITER);
  const blocks = () => document.querySelectorAll(
    "main :is(p, li, h1, h2, h3, h4, h5, h6, blockquote, figure, figcaption, pre, dt, dd, tr)");

  addEventListener("message", ({source, origin, data}) => {
    if (source !== parent || origin !== WRITER) return;
    if (typeof data?.y === "number") scrollTo({top: data.y, behavior: "instant"});
    if (typeof data?.words !== "string" || !data.words) return;
    const found = [...blocks()].filter(each => {
      const own = letters(each.textContent);
      return own && (own.includes(data.words) || own.length > 3 && data.words.includes(own));
    });
    // The last and innermost: a list's item stands for the list.
    const block = found.find(each => letters(each.textContent).includes(data.words) && !each.querySelector("p, li"))
      ?? found.at(-1);
    if (!block) return;
    const {top, height} = block.getBoundingClientRect();
    if (data.always || top < 0 || top + Math.min(height, innerHeight / 2) > innerHeight)
      scrollTo({top: scrollY + top - innerHeight / 3, behavior: "instant"});
  });
  addEventListener("scroll", () => send({y: scrollY}), {passive: true});
  // Pictures change the height of the page until they are there.
  addEventListener("load", () => document.fonts.ready.then(() => send({ready: location.href})));
}
