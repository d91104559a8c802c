// What the page says: English in the scripts and templates, by a catalogue in the owner's language.

let catalogue = {}, rules;
export let lang;

export function useWords(language, words) {
  lang = document.documentElement.lang = language;
  rules = new Intl.PluralRules(lang);
  catalogue = words;
}

/** The words in the owner's language, with values for `{names}`; of two forms, parted by a bar, that of `count`. */
export function t(english, values = {}) {
  if (lang !== "en" && !(english in catalogue)) console.error(`no words for: ${english}`);
  const [one, other = one] = (catalogue[english] ?? english).split(" | ");
  return (rules.select(values.count ?? 1) === "one" ? one : other).replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

export function moment(value) {
  const time = new Date(value);
  const isToday = time.toDateString() === new Date().toDateString();
  return new Intl.DateTimeFormat(lang, {timeStyle: "short", dateStyle: isToday ? undefined : "long"}).format(time);
}
