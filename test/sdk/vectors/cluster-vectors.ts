import { pluralityOf, shareWeights } from "@commonweight/sdk/protocol/clusters";
import type { Comparison } from "./comparison.ts";

interface ClusterVector {
  readonly reports: number[];
  readonly own: number;
  readonly weights: bigint[];
  readonly labels: number[];
}

interface ClusterResult {
  readonly label: number;
  readonly weights: readonly bigint[];
}

/** Largest 8-bit label. */
const MAX_LABEL = 255;

export const clusterComparison: Comparison<ClusterVector, ClusterResult> = {
  name: "Clusters: pluralityOf, share",
  share: 0.04,
  make(random) {
    // Few different labels, so that ties and large clusters are common.
    const largest = random.pick([0, 1, 2, 3, random.int(0, 63), MAX_LABEL]);
    const label = () => random.int(0, random.chance(0.05) ? MAX_LABEL : largest);
    const count = random.chance(0.005) ? 64 : random.int(0, 10);
    // 64 weights of 120 bits sum to 126 bits, and times the largest stay below 2^256.
    const weightBits = random.pick([0, 1, 16, 120]);
    return {
      reports: random.list(random.chance(0.02) ? 31 : random.int(1, 11), label),
      own: label(),
      weights: random.list(count, () => (random.chance(0.2) ? 0n : random.bits(weightBits))),
      labels: random.list(count, label),
    };
  },
  async onChain(harness, vectors) {
    return (await harness.clusters(vectors)).map(({ label, weights }) => ({
      label: Number(label),
      weights: [...weights],
    }));
  },
  mirror: ({ reports, own, weights, labels }) => ({
    label: pluralityOf(reports, own),
    weights: shareWeights(weights, labels),
  }),
};
