import type { Mutant } from "./mutant.ts";
import type { RanTest } from "./worker-message.ts";

/** Tests whose chain cannot be observed: they count as reaching all libraries. */
const UNWATCHED = /\/vectors\//;
const LIBRARY = /^contracts\/libraries\//;
/** The access matrix takes a minute, so it only runs for mutants of access checks. */
const MATRIX = /\/access\//;
const ACCESS = /msg\.sender|\bonly[A-Z]/;

/** Orders tests by likelihood to kill a mutant, from the sites that they reach and from earlier kills. */
export class TestOrder {
  readonly #tests: readonly RanTest[];
  readonly #reached: ReadonlyMap<string, ReadonlySet<number>>;
  readonly #askedAs: ReadonlyMap<number, number>;
  readonly #kills = new Map<string, number>();

  /** @param askedAs for each mutant, the number recorded for its site: that of the site's first mutant */
  constructor(tests: readonly RanTest[], askedAs: ReadonlyMap<number, number>) {
    this.#tests = tests;
    this.#askedAs = askedAs;
    this.#reached = new Map(tests.map(({ title, reached }) => [title, new Set(reached)]));
  }

  /** Returns the tests that could kill a mutant. */
  for(mutant: Mutant): readonly RanTest[] {
    const reaching = this.#tests.filter((test) => this.#reaches(test, mutant));
    return ACCESS.test(mutant.original) ? reaching : reaching.filter(({ file }) => !MATRIX.test(file));
  }

  /** Sorts tests by likelihood of a kill per second. @param killer test to put first */
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
    // In rotation over the files, because tests of one file detect similar faults.
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

/** Number of words of a function's name that occur in a test's name: `Ledger._usePermit`, "permits.test.ts". */
function kinship(scope: string, { file, title }: RanTest): number {
  const words = scope.match(/[A-Z]?[a-z]{3,}/g) ?? [];
  const name = `${file} ${title}`.toLowerCase();
  return words.filter((word) => name.includes(word.toLowerCase().slice(0, 6))).length;
}
