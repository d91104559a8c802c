export default {
  site: "https://example.org",
  image: { layout: "constrained", breakpoints: [400, 640, 960, 1280] },
  markdown: { syntaxHighlight: false },
  cacheDir: "./.astro",
};
