// Runs in the preview's frame, another origin, below the origin of the writing page as WRITER.
{
  const letters = element => (element.textContent.match(/[\p{L}\p{N}]+/gu) ?? []).join("");
  const send = message => parent.postMessage(message, WRITER);

  addEventListener("message", ({source, origin, data}) => {
    if (source !== parent || origin !== WRITER) return;
    if (data.y !== undefined) scrollTo({top: data.y, behavior: "instant"});
    if (!data.words) return;
    const blocks = [...document.querySelectorAll("main :is(p, li, h1, h2, h3, h4, h5, h6, figure, pre, dt, dd, tr)")]
      .filter(each => !each.querySelector("p, li"));
    const block = blocks.find(each => letters(each).includes(data.words))
      ?? blocks.findLast(each => letters(each).length > 3 && data.words.includes(letters(each)));
    if (!block) return;
    const {top} = block.getBoundingClientRect();
    if (data.always || top < 0 || top > innerHeight * 0.8) scrollTo({top: scrollY + top - innerHeight / 3, behavior: "instant"});
  });
  addEventListener("scroll", () => send({y: scrollY}), {passive: true});
  // The page is parsed; pictures say their size, so that none has to be there.
  send({ready: true});
}
