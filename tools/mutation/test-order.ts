import type { Sources } from "../solidity/compiler.ts";
import type { Mutant } from "./mutant.ts";
import type { RanTest } from "./worker-message.ts";

/** Tests whose chain cannot be observed: they count as reaching all libraries. */
const UNWATCHED = /\/vectors\//;
const LIBRARY = /^contracts\/libraries\//;
/** The access matrix takes a minute, so it only runs for mutants of access checks. */
const MATRIX = /\/access\//;
const ACCESS = /msg\.sender|\bonly[A-Z]/;
/** Names of custom errors and of emitted events: a test that expects one has its name. */
const EXPECTED = /\b[A-Z]\w+_[A-Z]\w+|(?<=\bemit )\w+/g;

/** What tests and contracts say. */
export interface Texts {
  readonly contracts: Sources;
  /** Test files by path. */
  readonly tests: Sources;
}

/**
 * Orders tests by likelihood to kill a mutant, from the sites that they reach, from the errors and events that their
 * files name, and from earlier kills.
 */
export class TestOrder {
  readonly #tests: readonly RanTest[];
  readonly #texts: Texts;
  readonly #reached: ReadonlyMap<string, ReadonlySet<number>>;
  readonly #askedAs: ReadonlyMap<number, number>;
  readonly #kills = new Map<string, number>();

  /** @param askedAs for each mutant, the number recorded for its site: that of the site's first mutant */
  constructor(tests: readonly RanTest[], askedAs: ReadonlyMap<number, number>, texts: Texts) {
    this.#tests = tests;
    this.#texts = texts;
    this.#askedAs = askedAs;
    this.#reached = new Map(tests.map(({ title, reached }) => [title, new Set(reached)]));
  }

  /** Returns the tests that could kill a mutant. */
  for(mutant: Mutant): readonly RanTest[] {
    const reaching = this.#tests.filter((test) => this.#reaches(test, mutant));
    return ACCESS.test(mutant.original) ? reaching : reaching.filter(({ file }) => !MATRIX.test(file));
  }

  /**
   * Sorts tests by likelihood of a kill per second; those first whose files name an error or event of the mutant's
   * lines.
   *
   * @param killer test to put first
   */
  sorted(mutant: Mutant, tests: readonly RanTest[], killer: string | undefined): readonly RanTest[] {
    const promise = (test: RanTest) => {
      if (test.title === killer) return Infinity;
      const kills = 8 * this.#count(changeOf(mutant), test.title) + 4 * this.#count(mutant.scope, test.title);
      return (1 + kinship(mutant.scope, test) + kills + this.#count(mutant.file, test.title)) / (0.2 + test.seconds);
    };
    const expected = this.#expectedAt(mutant);
    const isNaming = ({ file }: RanTest) => expected.some((name) => this.#texts.tests.get(file)?.includes(name));
    const byPromise = tests.toSorted((a, b) => promise(b) - promise(a));
    const [first, others] = [byPromise.filter(isNaming), byPromise.filter((test) => !isNaming(test))];
    return [...inRotation(first), ...inRotation(others)];
  }

  learn(mutant: Mutant, title: string): void {
    for (const what of [changeOf(mutant), mutant.scope, mutant.file])
      this.#kills.set(`${what} ${title}`, this.#count(what, title) + 1);
  }

  /** Errors and events in a mutant's line and the two that follow, where a statement ends that it is a part of. */
  #expectedAt({ file, line }: Mutant): readonly string[] {
    const lines =
      this.#texts.contracts
        .get(file)
        ?.split("\n")
        .slice(line - 1, line + 2) ?? [];
    return lines.join("\n").match(EXPECTED) ?? [];
  }

  #reaches({ file, title }: RanTest, mutant: Mutant): boolean {
    if (UNWATCHED.test(file)) return LIBRARY.test(mutant.file);
    return this.#reached.get(title)!.has(this.#askedAs.get(mutant.number) ?? mutant.number);
  }

  #count(what: string, title: string): number {
    return this.#kills.get(`${what} ${title}`) ?? 0;
  }
}

/** A mutant's kind of change, such as the modifier that it removes, wherever it stands. */
function changeOf({ operator, original }: Mutant): string {
  return `${operator} ${original}`;
}

/** In rotation over the files, because tests of one file detect similar faults. */
function inRotation(tests: readonly RanTest[]): readonly RanTest[] {
  const files = [...Map.groupBy(tests, ({ file }) => file).values()];
  const most = Math.max(0, ...files.map((own) => own.length));
  return Array.from({ length: most }, (_, turn) => files.flatMap((own) => own.slice(turn, turn + 1))).flat();
}

/** Number of words of a function's name that occur in a test's name: `Ledger._usePermit`, "permits.test.ts". */
function kinship(scope: string, { file, title }: RanTest): number {
  const words = scope.match(/[A-Z]?[a-z]{3,}/g) ?? [];
  const name = `${file} ${title}`.toLowerCase();
  return words.filter((word) => name.includes(word.toLowerCase().slice(0, 6))).length;
}
