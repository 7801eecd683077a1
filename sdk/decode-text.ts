/**
 * Decodes a text file's bytes: UTF-8 without its byte order mark, which editors and shells of Windows write.
 *
 * @returns `undefined` if the bytes are not UTF-8
 */
export function decodeText(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined; // The caller's error names the file.
  }
}

/** Removes a byte order mark from a text that was decoded elsewhere. */
export function withoutByteOrderMark(text: string): string {
  return text.startsWith("\uFEFF") ? text.slice(1) : text;
}
