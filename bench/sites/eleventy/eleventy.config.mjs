import { existsSync } from "node:fs";

const SITE = "https://example.org";
const slugify = name => name.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase().replace(/[^a-z0-9]+/g, "-");
const root = lang => (lang === "fr" ? "/" : "/en/");

// Lists of a language's articles by the values of a key of their headers.
function groupBy(articles, key) {
  const groups = new Map();
  for (const article of articles)
    for (const name of article.data[key]) groups.set(name, [...(groups.get(name) ?? []), article]);
  return [...groups].sort((a, b) => a[0].localeCompare(b[0])).map(([name, list]) => ({ name, list, slug: slugify(name) }));
}

export default async function (config) {
  if (existsSync("content/images")) {
    const { eleventyImageTransformPlugin } = await import("@11ty/eleventy-img");
    config.addPlugin(eleventyImageTransformPlugin, {
      formats: ["avif", "webp", "jpeg"], widths: [400, 640, 960, 1280], urlPath: "/images/",
      htmlOptions: { imgAttributes: { loading: "lazy", sizes: "100vw" } },
    });
  }
  config.addFilter("slugify", slugify);
  config.addFilter("day", date => date.toISOString().slice(0, 10));
  config.addFilter("french", date => date.toISOString().slice(0, 10).split("-").reverse().join("/"));
  config.addFilter("whole", url => SITE + url);
  config.addFilter("root", root);
  const ofLang = (api, lang, kind) => api.getFilteredByGlob(`content/${lang}/${kind}/*.md`).sort((a, b) => b.date - a.date);
  const each = make => api => ["fr", "en"].flatMap(lang => make(ofLang(api, lang, "articles"), lang));
  const neighbours = new Map();
  config.addCollection("articles", each((articles, lang) => {
    articles.forEach((article, i) => neighbours.set(article.inputPath, { newer: articles[i - 1], older: articles[i + 1] }));
    return articles.length ? [{ lang, list: articles }] : [];
  }));
  config.addFilter("neighbours", path => neighbours.get(path));
  config.addCollection("indexes", each((articles, lang) => {
    const total = Math.ceil(articles.length / 10);
    const address = number => root(lang) + (number > 1 ? `page/${number}/` : "");
    return Array.from({ length: total }, (_, i) => ({
      lang, number: i + 1, total, address: address(i + 1), list: articles.slice(10 * i, 10 * i + 10),
      newer: i ? address(i) : "", older: i + 1 < total ? address(i + 2) : "",
    }));
  }));
  config.addCollection("lists", each((articles, lang) => ["categories", "topics"].flatMap(key =>
    groupBy(articles, key).map(group => ({ ...group, lang, address: `${root(lang)}${key}/${group.slug}/` })))));
  config.addCollection("menu", api => {
    const menu = {};
    for (const lang of ["fr", "en"]) menu[lang] = {
      pages: ofLang(api, lang, "pages"),
      categories: groupBy(ofLang(api, lang, "articles"), "categories").map(group => ({ ...group, list: [] })),
    };
    return [menu];
  });
  return { dir: { input: "content", includes: "../_includes" }, markdownTemplateEngine: false, htmlTemplateEngine: "njk" };
}
