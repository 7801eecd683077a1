import { journalValueTooLarge } from "./journal-errors.ts";

/** Maximum size of one value as JSON, in bytes. */
export const MAX_VALUE_BYTES = 1_048_576;

const KEY = /^[\x21-\x7e]{1,200}$/u;

/** Checks a key: 1 to 200 visible ASCII characters, so that every adapter sorts keys in the same order. */
export function requireKey(key: string): string {
  if (!KEY.test(key)) throw new TypeError(`not a journal key: ${JSON.stringify(key.slice(0, 200))}`);
  return key;
}

/**
 * Encodes a value as JSON.
 *
 * @throws JOURNAL_VALUE_TOO_LARGE; a TypeError for values without a JSON form (`undefined`, functions, bigints).
 */
export function encodeValue(key: string, value: unknown): string {
  const json: string | undefined = JSON.stringify(value);
  if (json === undefined) throw new TypeError(`the value of ${key} is not JSON`);
  const bytes = Buffer.byteLength(json);
  if (bytes > MAX_VALUE_BYTES) throw journalValueTooLarge(key, bytes, MAX_VALUE_BYTES);
  return json;
}
