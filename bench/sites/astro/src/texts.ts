import { getCollection } from "astro:content";

export const root = (lang: string) => (lang === "fr" ? "/" : "/en/");
export const slugify = (name: string) =>
  name.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase().replace(/[^a-z0-9]+/g, "-");
export const day = (date: Date) => date.toISOString().slice(0, 10);

// Each language's articles, newest first, its pages, and its articles by category and by topic.
async function read() {
  const texts = await getCollection("texts");
  return ["fr", "en"].map(lang => {
    const articles = texts.filter(text => text.id.startsWith(`${lang}/articles/`))
      .sort((a, b) => +b.data.date - +a.data.date);
    const group = (key: "categories" | "topics") => {
      const groups = new Map<string, typeof articles>();
      for (const article of articles)
        for (const name of article.data[key]) {
          if (!groups.has(name)) groups.set(name, []);
          groups.get(name)!.push(article);
        }
      return [...groups].sort((a, b) => a[0].localeCompare(b[0])).map(([name, list]) =>
        ({ name, list, address: `${root(lang)}${key}/${slugify(name)}/` }));
    };
    return {
      lang, articles, pages: texts.filter(text => text.id.startsWith(`${lang}/pages/`)),
      categories: group("categories"), topics: group("topics"),
    };
  });
}

let known: ReturnType<typeof read>;
export const languages = () => (known ??= read());
