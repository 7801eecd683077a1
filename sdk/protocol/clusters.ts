// Mirror of `contracts/libraries/Clusters.sol`: near-clones share one weight. Each update carries a label; equal labels
// form a cluster.

/**
 * Returns the most frequent label, or `own` on a tie.
 *
 * @param reports one label or more
 * @param own the update's own index: the label of an update without an earlier clone
 */
export function pluralityOf(reports: readonly number[], own: number): number {
  const counts = new Map<number, number>();
  for (const report of reports) counts.set(report, (counts.get(report) ?? 0) + 1);
  const most = Math.max(...counts.values());
  const named = [...counts].filter(([, count]) => count === most);
  return named.length === 1 ? (named[0]?.[0] ?? own) : own;
}

/** Scale of shared weights: a weight of 1 that 64 members share does not round to 0. */
const PARTS = 64n;

/**
 * Divides the largest weight of each cluster among its members in proportion to their weights. Results are in 64ths of
 * a weight, rounded down; an update alone in its cluster keeps its weight (times 64).
 *
 * @param labels one for each weight
 */
export function shareWeights(weights: readonly bigint[], labels: readonly number[]): bigint[] {
  const parts = weights.map((weight) => weight * PARTS);
  return parts.map((weight, j) => {
    const cluster = parts.filter((_, i) => labels[i] === labels[j]);
    const sum = cluster.reduce((total, one) => total + one, 0n);
    const largest = cluster.reduce((most, one) => (one > most ? one : most), 0n);
    return sum > largest ? (weight * largest) / sum : weight;
  });
}
