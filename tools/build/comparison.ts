/** What was held against something else. */
export interface Comparison {
  readonly name: string;
  readonly expected: string;
  readonly actual: string;
  readonly matches: boolean;
}

/** Holds one text against another. */
export function compare(name: string, expected: string, actual: string): Comparison {
  return { name, expected, actual, matches: expected === actual };
}
