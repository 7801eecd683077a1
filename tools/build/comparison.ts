/** Result of comparing an expected with an actual text. */
export interface Comparison {
  readonly name: string;
  readonly expected: string;
  readonly actual: string;
  readonly matches: boolean;
}

export function compare(name: string, expected: string, actual: string): Comparison {
  return { name, expected, actual, matches: expected === actual };
}
