export default { lang: "fr", layout: "article.njk", permalink: text => `/articles/${text.slug}/index.html` };
