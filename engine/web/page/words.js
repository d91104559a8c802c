// What the page says: English in the scripts, and what the server's catalogue makes of it.

let catalogue = {};
let rules = new Intl.PluralRules("en");
export let lang = "en";

/** Take the language of the owner, and its words by the English ones. */
export function useWords(language, words) {
  lang = language;
  rules = new Intl.PluralRules(lang);
  catalogue = words;
  document.documentElement.lang = lang;
}

/** The words in the owner's language, their `{names}` replaced; of several forms, parted by a bar, that of `count`. */
export function t(english, values = {}) {
  const forms = (catalogue[english] ?? english).split(" | ");
  const form = forms.length > 1 && rules.select(values.count) !== "one" ? forms[1] : forms[0];
  return form.replace(/\{(\w+)\}/g, (found, name) => name in values ? values[name] : found);
}

/** A time of today, or a day and its time. */
export function moment(value) {
  const time = new Date(value);
  const sameDay = time.toDateString() === new Date().toDateString();
  return new Intl.DateTimeFormat(lang, sameDay ? {timeStyle: "short"} : {dateStyle: "long", timeStyle: "short"}).format(time);
}
