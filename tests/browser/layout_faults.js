// What does not hold in the layout of the page, as a list of sentences: words and pictures outside
// the page, cut off by an edge or crossing each other, and what stays on the screen and fills it.
() => {
  const faults = [];
  const shown = []; // where each line of words and each picture stands on the page

  const isSeen = (element) =>
    element.checkVisibility({ visibilityProperty: true, opacityProperty: true }) &&
    !element.closest(".skip-link");

  const look = (element, name, { left, right, top, bottom }) => {
    const scrolls = {};
    for (let box = element; box !== document.body; box = box.parentElement) {
      const style = getComputedStyle(box);
      const edge = box.getBoundingClientRect();
      const room = {
        x: Math.min(left - edge.left, edge.right - right),
        y: Math.min(top - edge.top, edge.bottom - bottom),
      };
      for (const axis of ["x", "y"]) {
        const overflow = style[`overflow-${axis}`];
        if (["auto", "scroll"].includes(overflow)) scrolls[axis] = true;
        else if (overflow !== "visible" && !scrolls[axis] && room[axis] < -1)
          faults.push(`clipped: ${name}`);
      }
    }
    if (scrolls.x) return;
    if (left < -1 || right > innerWidth + 1) faults.push(`outside: ${name}`);
    shown.push({ name, left, right, top: top + scrollY, bottom: bottom + scrollY });
  };

  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const text = texts.currentNode;
    const words = text.data.trim().replace(/\s+/g, " ");
    if (!words || !isSeen(text.parentElement)) continue;
    const range = document.createRange();
    range.selectNodeContents(text);
    // The height of small letters: the lines of a tight headline may share what is above them.
    const half = 0.3 * parseFloat(getComputedStyle(text.parentElement).fontSize);
    for (const { left, right, top, bottom, width } of range.getClientRects()) {
      const middle = (top + bottom) / 2;
      const letters = { left, right, top: middle - half, bottom: middle + half };
      if (width >= 1) look(text.parentElement, words.slice(0, 40), letters);
    }
  }
  for (const image of document.images)
    if (isSeen(image)) look(image, `image ${image.alt}`, image.getBoundingClientRect());

  shown.sort((one, other) => one.top - other.top);
  shown.forEach((one, index) => {
    for (const other of shown.slice(index + 1)) {
      if (other.top > one.bottom - 1) break;
      const crossing = Math.min(one.right, other.right) - Math.max(one.left, other.left);
      if (crossing > 1) faults.push(`overlap: ${one.name} / ${other.name}`);
    }
  });

  for (const element of document.body.querySelectorAll("*")) {
    const stays = ["fixed", "sticky"].includes(getComputedStyle(element).position);
    if (stays && element.offsetHeight > innerHeight / 4)
      faults.push(`fills the screen: ${element.className}`);
  }
  if (document.documentElement.scrollWidth > innerWidth) faults.push("the page scrolls sideways");
  return [...new Set(faults)];
}
