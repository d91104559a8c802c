// Words that are typed and not saved, in this browser: the server keeps them too, a pause later.

const name = source => `unsaved ${source}`;

export function keep(source, words) {
  try {
    localStorage.setItem(name(source), JSON.stringify({...words, at: new Date().toISOString()}));
  } catch {
    // A full store is no reason to stop typing: the server has the words.
  }
}

export const forget = source => localStorage.removeItem(name(source));

/** The newest words of a text that were not saved, of this browser or of the server; undefined for none. */
export function recall({source, unsaved}) {
  const own = JSON.parse(localStorage.getItem(name(source)));
  return [own, unsaved && {...unsaved, at: unsaved.saved_at}].filter(Boolean)
    .sort((one, other) => new Date(other.at) - new Date(one.at))[0];
}
