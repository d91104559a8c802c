// Words that were typed and not saved, in this browser, which keeps them by the server's port: another folder may have it later.

let folder;
export const useFolder = path => folder = path;

const nameOf = source => `${folder}/${source}`;

export const forget = source => localStorage.removeItem(nameOf(source));
export const keep = (source, words) => localStorage.setItem(nameOf(source), JSON.stringify(words));

/** The newest ones: this browser's, or those that the server has. */
export function recall({source, unsaved}) {
  const own = JSON.parse(localStorage.getItem(nameOf(source)));
  return [own, unsaved && {...unsaved, at: unsaved.saved_at}].filter(Boolean)
    .sort((one, other) => new Date(other.at) - new Date(one.at))[0];
}
