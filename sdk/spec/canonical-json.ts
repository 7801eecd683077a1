import canonicalize from "canonicalize";

/**
 * Writes JSON in its canonical form (RFC 8785). The same data is the same text on every machine, so it has one content
 * id.
 *
 * @throws on numbers that are not finite, on lone surrogates and on cycles
 */
export function canonicalJson(value: object): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError("there is no JSON for it");
  return text;
}
