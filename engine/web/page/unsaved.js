// Words that are typed and not saved, in this browser: the server keeps them too, a pause later.

const name = source => `unsaved ${source}`;

/** Keep the words of a text; a full store is no reason to stop typing, the server has them. */
export function keep(source, words) {
  try {
    localStorage.setItem(name(source), JSON.stringify({...words, at: new Date().toISOString()}));
  } catch {
    // The server tells it where it cannot keep them either.
  }
}

export const forget = source => localStorage.removeItem(name(source));

/** The newest words that were not saved, of this browser or of the server; null where there are none. */
export function recall(text) {
  let own = null;
  try {
    own = JSON.parse(localStorage.getItem(name(text.source)));
  } catch {
    forget(text.source);
  }
  const {unsaved} = text;
  const others = unsaved && {...unsaved, at: unsaved.saved_at};
  const newest = [own, others].filter(Boolean).sort((one, other) => new Date(other.at) - new Date(one.at))[0];
  return newest ?? null;
}
