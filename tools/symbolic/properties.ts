/** One property: a function that asserts what must hold for all of its arguments. */
export interface Property {
  /** The function's name. */
  readonly name: string;
  /** What it says, from its `@notice`. */
  readonly text: string;
  /** Where the function begins and ends, in characters. */
  readonly start: number;
  readonly end: number;
  /** Where its assertions begin, in characters. */
  readonly assertions: readonly number[];
}

const FUNCTION = /^ {4}\/\/\/ @notice (?<text>.+)\n^ {4}function (?<name>(?:prove|check_)\w+)\([\s\S]*?^ {4}\}$/gm;
const NAME = /^ {4}function (?:prove|check_)\w+/gm;
const ASSERTION = /\bassert\(/g;

/**
 * Reads the properties of a Solidity file, formatted as Prettier does.
 *
 * @throws where a property has no `@notice` of one line, or asserts nothing
 */
export function propertiesIn(source: string, file: string): readonly Property[] {
  const properties = [...source.matchAll(FUNCTION)].map((match): Property => {
    const { name = "", text = "" } = match.groups ?? {};
    const assertions = [...match[0].matchAll(ASSERTION)].map(({ index }) => match.index + index);
    if (assertions.length === 0) throw new Error(`${file}: ${name} asserts nothing`);
    return { name, text, start: match.index, end: match.index + match[0].length, assertions };
  });
  if (properties.length !== [...source.matchAll(NAME)].length) {
    throw new Error(`${file}: a property has no @notice, or one of several lines`);
  }
  return properties;
}
