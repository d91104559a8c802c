export default { lang: "en", layout: "article.njk", permalink: text => `/en/articles/${text.slug}/index.html` };
