/** Names that operating systems and office programs leave behind: AppleDouble, locks, thumbnails. */
const HIDDEN = /^(\.|~\$|__MACOSX$|Thumbs\.db$|desktop\.ini$)/i;

/** Whether a file's or folder's name says that it is no data: `._data.csv`, `.~lock.data.csv#`, `~$data.csv`. */
export function isHidden(name: string): boolean {
  return HIDDEN.test(name);
}
