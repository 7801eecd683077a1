import type { Mutant } from "./mutant.ts";
import type { RanTest } from "./worker-message.ts";

/** Tests whose chain cannot be watched: they compare libraries, all of them. */
const UNWATCHED = /\/vectors\//;
const LIBRARY = /^contracts\/libraries\//;

/** Knows which tests come by a mutant's place, learns which kill what, and puts the likeliest first. */
export class TestOrder {
  readonly #tests: readonly RanTest[];
  readonly #reached: ReadonlyMap<string, ReadonlySet<number>>;
  readonly #askedAs: ReadonlyMap<number, number>;
  readonly #kills = new Map<string, number>();

  /** @param askedAs the number that is noticed for each mutant's: that of the first at its place */
  constructor(tests: readonly RanTest[], askedAs: ReadonlyMap<number, number>) {
    this.#tests = tests;
    this.#askedAs = askedAs;
    this.#reached = new Map(tests.map(({ title, reached }) => [title, new Set(reached)]));
  }

  /** Gives the tests that could notice a mutant. @param killer one that did in an earlier run */
  for(mutant: Mutant, killer: string | undefined): readonly RanTest[] {
    const place = this.#askedAs.get(mutant.number) ?? mutant.number;
    const score = ({ title }: RanTest) =>
      title === killer ? Infinity : 4 * this.#count(mutant.scope, title) + this.#count(mutant.file, title);
    return this.#tests
      .filter(({ file, title }) =>
        UNWATCHED.test(file) ? LIBRARY.test(mutant.file) : this.#reached.get(title)?.has(place),
      )
      .toSorted((a, b) => score(b) - score(a) || a.seconds - b.seconds);
  }

  learn(mutant: Mutant, title: string): void {
    for (const what of [mutant.scope, mutant.file]) this.#kills.set(`${what} ${title}`, this.#count(what, title) + 1);
  }

  #count(what: string, title: string): number {
    return this.#kills.get(`${what} ${title}`) ?? 0;
  }
}
