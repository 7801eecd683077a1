import type { Mutant } from "./mutant.ts";

/** Learns which test file kills what, and puts the likeliest first. */
export class SuiteOrder {
  readonly #files: readonly string[];
  readonly #kills = new Map<string, number>();

  /** @param files in the order to take unless something is known */
  constructor(files: readonly string[]) {
    this.#files = files;
  }

  for(mutant: Mutant): readonly string[] {
    const score = (file: string) =>
      4 * this.#count(mutant.scope, file) + this.#count(mutant.file, file) + (isNamedAfter(file, mutant.file) ? 2 : 0);
    return this.#files.toSorted((a, b) => score(b) - score(a));
  }

  learn(mutant: Mutant, file: string): void {
    for (const what of [mutant.scope, mutant.file]) {
      this.#kills.set(`${what} ${file}`, this.#count(what, file) + 1);
    }
  }

  #count(what: string, file: string): number {
    return this.#kills.get(`${what} ${file}`) ?? 0;
  }
}

/** `ScoringPanel.sol` and `scoring-panel.test.ts`; libraries and the suite of their mirrors. */
function isNamedAfter(test: string, contract: string): boolean {
  if (contract.includes("/libraries/")) return test.includes("/vectors/");
  const name = contract.replace(/^.*\/|\.sol$/g, "").replace(/\B[A-Z]/g, "-$&");
  return test.endsWith(`/${name.toLowerCase()}.test.ts`);
}
