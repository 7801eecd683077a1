import canonicalize from "canonicalize";

/**
 * Serialises to canonical JSON (RFC 8785): equal data gives the same text, and so the same content id, everywhere.
 *
 * @throws on numbers that are not finite, on lone surrogates and on cycles
 */
export function canonicalJson(value: object): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError("the value has no JSON form");
  return text;
}
