import { places } from "@commonweight/sdk/protocol/draw";
import type { Comparison } from "./comparison.ts";

interface DrawVector {
  readonly seed: string;
  readonly length: number;
  readonly count: number;
}

export const drawComparison: Comparison<DrawVector, readonly number[]> = {
  name: "Draw: places",
  share: 0.024,
  make(random) {
    const length = random.pick([random.int(0, 40), random.int(1, 1_000), Number.MAX_SAFE_INTEGER]);
    const most = Math.min(31, length);
    return { seed: random.hex(32), length, count: random.chance(0.1) ? most : random.int(0, Math.min(most, 11)) };
  },
  async onChain(harness, vectors) {
    return (await harness.draws(vectors)).map((drawn) => drawn.map(Number));
  },
  mirror: ({ seed, length, count }) => places(seed, length, count),
};
