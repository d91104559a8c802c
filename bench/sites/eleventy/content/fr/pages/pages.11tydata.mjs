export default { lang: "fr", layout: "page.njk", permalink: text => `/${text.slug}/index.html` };
