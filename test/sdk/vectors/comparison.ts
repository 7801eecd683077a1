import type { LibraryHarness } from "@commonweight/sdk/abi/typechain/mocks/LibraryHarness";
import type { OpenHarness } from "./harness.ts";
import { Random } from "./random.ts";

/** A Solidity library, its TypeScript mirror, and the vectors on which they are compared. */
export interface Comparison<Vector, Result> {
  readonly name: string;
  /** Its share of all vectors. */
  readonly share: number;
  make(random: Random): Vector;
  onChain(harness: LibraryHarness, vectors: Vector[]): Promise<Result[]>;
  /** @param place chain and contract, to which some results are bound */
  mirror(vector: Vector, place: Place): Result;
}

/** Chain and address of the harness. */
export type Place = Pick<OpenHarness, "chainId" | "address">;

/** A vector with different results. */
export interface Mismatch {
  readonly vector: string;
  readonly onChain: string;
  readonly mirror: string;
}

/** Result of a comparison. */
export interface ComparisonResult {
  /** Number of vectors with different results. */
  readonly mismatches: number;
  /** The first few of them. */
  readonly shown: readonly Mismatch[];
}

/** Vectors per call; larger calls are slower, because of the EVM's memory. */
const BATCH = 50;
const SHOWN = 3;

/** Runs `count` vectors through library and mirror. */
export async function compare<Vector, Result>(
  comparison: Comparison<Vector, Result>,
  open: OpenHarness,
  seed: number,
  count: number,
): Promise<ComparisonResult> {
  const random = new Random(seed);
  const shown: Mismatch[] = [];
  let mismatches = 0;
  const collect = (found: readonly Mismatch[]) => {
    mismatches += found.length;
    shown.push(...found.slice(0, SHOWN - shown.length));
  };
  let running: Promise<readonly Mismatch[]> = Promise.resolve([]);
  for (let done = 0; done < count; done += BATCH) {
    const vectors = random.list(Math.min(BATCH, count - done), () => comparison.make(random));
    const results = comparison.onChain(open.harness, vectors);
    // The chain works on this batch while the previous one is compared.
    collect(await running);
    running = results.then((values) => differences(comparison, open, vectors, values));
  }
  collect(await running);
  return { mismatches, shown };
}

function differences<Vector, Result>(
  comparison: Comparison<Vector, Result>,
  place: Place,
  vectors: readonly Vector[],
  results: readonly Result[],
): Mismatch[] {
  if (results.length !== vectors.length) throw new Error(`${results.length} results for ${vectors.length} vectors`);
  return vectors.flatMap((vector, index) => {
    const [onChain, mirror] = [textOf(results[index]), textOf(comparison.mirror(vector, place))];
    return onChain === mirror ? [] : [{ vector: textOf(vector), onChain, mirror }];
  });
}

function textOf(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) => (typeof item === "bigint" ? item.toString() : item));
}
