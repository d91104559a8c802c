import { day, languages, root } from "../texts";

const SITE = "https://example.org";
const escape = (words: string) => words.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

export async function getStaticPaths() {
  const all = await languages();
  const found: object[] = [{ params: { feed: "sitemap" }, props: { all } }];
  for (const { lang, articles } of all)
    if (articles.length) found.push({ params: { feed: `${root(lang).slice(1)}feed` }, props: { lang, articles } });
  return found;
}

export function GET({ props: { all, lang, articles } }: any) {
  const head = '<?xml version="1.0" encoding="utf-8"?>\n';
  if (all) {
    const addresses = all.flatMap(({ lang, articles, pages, categories, topics }: any) => [
      ...articles.map((text: any) => `${root(lang)}articles/${text.data.slug}/`),
      ...pages.map((text: any) => `${root(lang)}${text.data.slug}/`),
      ...[...categories, ...topics].map((group: any) => group.address),
    ]);
    const lines = addresses.map((address: string) => `<url><loc>${SITE}${address}</loc></url>\n`);
    return new Response(`${head}<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n${lines.join("")}</urlset>\n`);
  }
  const entries = articles.slice(0, 20).map((text: any) => {
    const address = `${SITE}${root(lang)}articles/${text.data.slug}/`;
    return `<entry><title>${escape(text.data.title)}</title><link href="${address}"/><id>${address}</id><published>${day(text.data.date)}T00:00:00Z</published>
<summary>${escape(text.data.summary)}</summary><content type="html">${escape(text.rendered.html)}</content>
${text.data.topics.map((name: string) => `<category term="${name}"/>`).join("")}</entry>\n`;
  });
  return new Response(`${head}<feed xmlns="http://www.w3.org/2005/Atom"><title>Le banc d'essai</title><link href="${SITE}${root(lang)}"/><id>${SITE}${root(lang)}</id>\n${entries.join("")}</feed>\n`);
}
