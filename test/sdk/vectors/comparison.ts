import type { LibraryHarness } from "../../../types/ethers-contracts/mocks/LibraryHarness.ts";
import type { Random } from "./random.ts";

/** A library on chain and its mirror, and the vectors on which the two are compared. */
export interface Comparison<Vector, Result> {
  readonly name: string;
  /** Its part of all vectors. */
  readonly share: number;
  make(random: Random): Vector;
  onChain(harness: LibraryHarness, vectors: Vector[]): Promise<Result[]>;
  mirror(vector: Vector): Result;
}

/** A vector on which the two differ. */
export interface Mismatch {
  readonly vector: string;
  readonly onChain: string;
  readonly mirror: string;
}

/** Vectors in one call. */
const BATCH = 250;
const SHOWN = 3;

/** Runs `count` vectors through both and gives those on which they differ, a few at the most. */
export async function mismatchesOf<Vector, Result>(
  comparison: Comparison<Vector, Result>,
  harness: LibraryHarness,
  random: Random,
  count: number,
): Promise<Mismatch[]> {
  const found: Mismatch[] = [];
  let running: Promise<readonly Mismatch[]> = Promise.resolve([]);
  for (let done = 0; done < count && found.length === 0; done += BATCH) {
    const vectors = random.list(Math.min(BATCH, count - done), () => comparison.make(random));
    const results = comparison.onChain(harness, vectors);
    // While the chain works on this batch, the one before is looked at.
    found.push(...(await running));
    running = results.then((values) => differences(comparison, vectors, values));
  }
  return [...found, ...(await running)].slice(0, SHOWN);
}

function differences<Vector, Result>(
  comparison: Comparison<Vector, Result>,
  vectors: readonly Vector[],
  results: readonly Result[],
): Mismatch[] {
  if (results.length !== vectors.length) throw new Error(`${results.length} results for ${vectors.length} vectors`);
  return vectors.flatMap((vector, index) => {
    const [onChain, mirror] = [textOf(results[index]), textOf(comparison.mirror(vector))];
    return onChain === mirror ? [] : [{ vector: textOf(vector), onChain, mirror }];
  });
}

function textOf(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) => (typeof item === "bigint" ? item.toString() : item));
}
