// The mirror of `contracts/libraries/Clusters.sol`: near-clones share one weight. Each update carries a label; equal
// labels form a cluster.

/**
 * Gives the label that most reports name, `own` where two are named as often.
 *
 * @param reports one label or more
 * @param own the update's own index: the label of an update that is nobody's clone
 */
export function pluralityOf(reports: readonly number[], own: number): number {
  const counts = new Map<number, number>();
  for (const report of reports) counts.set(report, (counts.get(report) ?? 0) + 1);
  const most = Math.max(...counts.values());
  const named = [...counts].filter(([, count]) => count === most);
  return named.length === 1 ? (named[0]?.[0] ?? own) : own;
}

/** Shared weights are counted in such parts of a weight: the least of 64 members is not rounded to nothing. */
const PARTS = 64n;

/**
 * Divides in each cluster the largest weight in proportion to its members' weights, in 64ths of a weight, rounded down.
 * An update alone in its cluster keeps its weight: 64 times as many parts.
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
