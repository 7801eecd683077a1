/** One property: a function whose assertions must be true for all arguments. */
export interface Property {
  /** The function's name. */
  readonly name: string;
  /** Its description, from `@notice`. */
  readonly text: string;
  /** Start and end of the function, in characters. */
  readonly start: number;
  readonly end: number;
  /** Positions of its assertions, in characters. */
  readonly assertions: readonly number[];
}

const NOTICE = String.raw`^ {4}/// @notice (?<text>.+(?:\n {4}/// [^@].*)*)\n`;
const BODY = String.raw`^ {4}function (?<name>(?:prove|check_)\w+)\([\s\S]*?^ {4}\}$`;
const FUNCTION = new RegExp(NOTICE + BODY, "gm");
const COMMENT_BREAK = /\n {4}\/\/\/ /g;
const NAME = /^ {4}function (?:prove|check_)\w+/gm;
const ASSERTION = /\bassert\(/g;

/**
 * Reads the properties of a Solidity file, which must be formatted by Prettier.
 *
 * @throws if a property has no `@notice` of its own, or no assertion
 */
export function propertiesIn(source: string, file: string): readonly Property[] {
  const properties = [...source.matchAll(FUNCTION)].map((match): Property => {
    const { name = "", text = "" } = match.groups ?? {};
    const assertions = [...match[0].matchAll(ASSERTION)].map(({ index }) => match.index + index);
    if (assertions.length === 0) throw new Error(`${file}: ${name} asserts nothing`);
    return {
      name,
      text: text.replace(COMMENT_BREAK, " "),
      start: match.index,
      end: match.index + match[0].length,
      assertions,
    };
  });
  if (properties.length !== [...source.matchAll(NAME)].length) {
    throw new Error(`${file}: a property has no @notice, or another tag beside it`);
  }
  return properties;
}
