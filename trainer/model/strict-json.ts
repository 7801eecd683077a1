/** Why `parseStrictJson` refused a text. */
export type JsonFault = "utf8" | "syntax" | "depth" | "unsafe-key" | "duplicate-key";

export type StrictJson =
  { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly fault: JsonFault };

/** Deepest nesting of arrays and objects that is accepted. */
export const MAX_JSON_DEPTH = 16;

/**
 * Parses untrusted JSON.
 *
 * Stricter than `JSON.parse` (RFC 8259): also refuses bytes that are not UTF-8, nesting deeper than `MAX_JSON_DEPTH`,
 * duplicate keys (`JSON.parse` keeps the last one) and the key `__proto__`. The caller limits the size before. Never
 * throws: it returns the fault, so that each format has its own error codes.
 */
export function parseStrictJson(bytes: Uint8Array): StrictJson {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return { ok: false, fault: "utf8" };
  }
  // The audit comes first: it bounds the depth before the recursive parser runs.
  const fault = auditKeys(text);
  if (fault !== undefined) return { ok: false, fault };
  const value = parse(text);
  return value === undefined ? { ok: false, fault: "syntax" } : { ok: true, value };
}

/** Returns `undefined` on a syntax error; no JSON text has this value. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Checks keys and depth in one scan. It may accept text that is not JSON; `parse` refuses that later. */
function auditKeys(text: string): JsonFault | undefined {
  const open: Set<string>[] = [];
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (char === "{" || char === "[") {
      if (open.push(new Set()) > MAX_JSON_DEPTH) return "depth";
    } else if (char === "}" || char === "]") {
      if (open.pop() === undefined) return "syntax";
    } else if (char === '"') {
      const end = endOfString(text, at);
      if (end === undefined) return "syntax";
      const fault = isKey(text, end) ? auditKey(text.slice(at, end), open.at(-1)) : undefined;
      if (fault !== undefined) return fault;
      at = end - 1;
    }
  }
  return undefined;
}

function auditKey(literal: string, keys: Set<string> | undefined): JsonFault | undefined {
  // Compared after decoding, because "a" and "\u0061" are the same key.
  const key = parse(literal);
  if (typeof key !== "string" || keys === undefined) return "syntax";
  if (key === "__proto__") return "unsafe-key";
  if (keys.has(key)) return "duplicate-key";
  keys.add(key);
  return undefined;
}

/** Index after the closing quote of the string that opens at `start`. */
function endOfString(text: string, start: number): number | undefined {
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === "\\") at++;
    else if (text[at] === '"') return at + 1;
  }
  return undefined;
}

/** Whether the next character that is not white space is a colon. */
function isKey(text: string, end: number): boolean {
  let at = end;
  while (at < text.length && " \t\n\r".includes(text.charAt(at))) at++;
  return text[at] === ":";
}
