import { MAX_ROUNDS } from "@commonweight/sdk/protocol/limits";
import { shuffledAt } from "@commonweight/sdk/protocol/shuffle";
import type { Comparison } from "./comparison.ts";

interface ShuffleVector {
  readonly seed: string;
  readonly index: number;
  readonly length: number;
}

export const shuffleComparison: Comparison<ShuffleVector, number> = {
  name: "Shuffle: valueAt",
  share: 0.004,
  make(random) {
    const length = random.pick([1, 2, random.int(1, 64), random.int(1, MAX_ROUNDS), MAX_ROUNDS, 2 ** 40]);
    const index = random.pick([0, length - 1, random.int(0, Math.min(length, 2 ** 32) - 1)]);
    return { seed: random.hex(32), index, length };
  },
  async onChain(harness, vectors) {
    return (await harness.shuffles(vectors.map(encoded))).map(Number);
  },
  mirror: ({ seed, index, length }) => shuffledAt(seed, index, length),
};

function encoded({ seed, index, length }: ShuffleVector) {
  return { seed, length, count: index };
}
