import type { Chain } from "./chain.ts";

/** What was made on a chain, and the chain as it was then. */
interface Made {
  readonly value: unknown;
  readonly snapshot: Awaited<ReturnType<Chain["helpers"]["takeSnapshot"]>>;
}

interface Kept {
  /** By key; in the order of the chain's snapshots, since restoring one removes all that were taken after it. */
  readonly made: Map<string, Made>;
  /** Number of the test that last made or restored something. */
  lastTest: number;
}

const kept = new WeakMap<Chain, Kept>();
/** Counts tests; between tests, in hooks of whole suites, it is 0. */
let test = 0;
let tests = 0;

// Programs such as `npm run gas` use the helpers without mocha: there every world is made anew.
if (typeof globalThis.beforeEach === "function") {
  beforeEach(() => {
    test = ++tests;
  });
  afterEach(() => {
    test = 0;
  });
}

/**
 * Makes a value on the chain or, if an earlier test made it, restores the chain to that moment. Only the first call of
 * a test restores: a later one must not undo what the test has done. What hooks of a whole suite make stays, since
 * every snapshot from before them is forgotten.
 */
export async function restoredOrMade<T>(chain: Chain, key: string, make: () => Promise<T>): Promise<T> {
  const record = kept.get(chain) ?? { made: new Map<string, Made>(), lastTest: 0 };
  kept.set(chain, record);
  if (test === 0) record.made.clear();
  if (test === 0 || record.lastTest === test) return make();

  record.lastTest = test;
  const found = record.made.get(key);
  if (found === undefined) {
    const value = await make();
    record.made.set(key, { value, snapshot: await chain.helpers.takeSnapshot() });
    return value;
  }
  await found.snapshot.restore();
  const keys = [...record.made.keys()];
  for (const later of keys.slice(keys.indexOf(key) + 1)) record.made.delete(later);
  return found.value as T;
}
