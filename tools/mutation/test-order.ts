import type { Mutant } from "./mutant.ts";
import type { RanTest } from "./worker-message.ts";

/** Tests whose chain cannot be watched: they compare libraries, all of them. */
const UNWATCHED = /\/vectors\//;
const LIBRARY = /^contracts\/libraries\//;
/** The matrix of who may call what takes a minute: it is for mutants of such checks alone. */
const MATRIX = /\/access\//;
const ACCESS = /msg\.sender|\bonly[A-Z]/;

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

  /** Gives the tests that could notice a mutant. */
  for(mutant: Mutant): readonly RanTest[] {
    const reaching = this.#tests.filter((test) => this.#reaches(test, mutant));
    return ACCESS.test(mutant.original) ? reaching : reaching.filter(({ file }) => !MATRIX.test(file));
  }

  /** Puts tests into the order in which they promise most a second. @param killer goes first */
  sorted(mutant: Mutant, tests: readonly RanTest[], killer: string | undefined): readonly RanTest[] {
    const promise = (test: RanTest) => {
      if (test.title === killer) return Infinity;
      const kills = 4 * this.#count(mutant.scope, test.title) + this.#count(mutant.file, test.title);
      return (1 + kinship(mutant.scope, test) + kills) / (0.2 + test.seconds);
    };
    const files = Map.groupBy(
      tests.toSorted((a, b) => promise(b) - promise(a)),
      ({ file }) => file,
    );
    // In turns from the files: two tests of one file notice much the same.
    const most = Math.max(0, ...[...files.values()].map((own) => own.length));
    return Array.from({ length: most }, (_, turn) =>
      [...files.values()].flatMap((own) => own.slice(turn, turn + 1)),
    ).flat();
  }

  learn(mutant: Mutant, title: string): void {
    for (const what of [mutant.scope, mutant.file]) this.#kills.set(`${what} ${title}`, this.#count(what, title) + 1);
  }

  #reaches({ file, title }: RanTest, mutant: Mutant): boolean {
    if (UNWATCHED.test(file)) return LIBRARY.test(mutant.file);
    return this.#reached.get(title)!.has(this.#askedAs.get(mutant.number) ?? mutant.number);
  }

  #count(what: string, title: string): number {
    return this.#kills.get(`${what} ${title}`) ?? 0;
  }
}

/**
 * How many words of a function's name a test's name has, or begins a word with: `Ledger._usePermit`, "permits.test.ts".
 */
function kinship(scope: string, { file, title }: RanTest): number {
  const words = scope.match(/[A-Z]?[a-z]{3,}/g) ?? [];
  const name = `${file} ${title}`.toLowerCase();
  return words.filter((word) => name.includes(word.toLowerCase().slice(0, 6))).length;
}
