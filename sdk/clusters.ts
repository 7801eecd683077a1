// What a contract would do with near-clones (docs/near-clones.md): updates that one actor hands in slightly changed under
// several addresses share one weight.

/**
 * Gives the leader that most seats named for an update; the update itself where no other was named most often.
 *
 * A leader must have been committed before the update: a report of any other, or of none of the list, counts as the update
 * itself. So does a tie, whoever is in it: doubt joins nobody to anybody.
 *
 * @param reports index of the leader that each revealing seat named
 * @param own index of the update
 * @param order place of each update's commitment; the smaller is the earlier
 */
export function pluralityLeader(reports: readonly number[], own: number, order: readonly number[]): number {
  const votes = new Map<number, number>();
  for (const report of reports) {
    const leader = isEarlier(report, own, order) ? report : own;
    votes.set(leader, (votes.get(leader) ?? 0) + 1);
  }
  const most = Math.max(...votes.values());
  const winners = [...votes].filter(([, count]) => count === most).map(([leader]) => leader);
  return winners.length === 1 ? winners[0]! : own;
}

/**
 * Gives the weights after every cluster was cut to its largest weight, in proportion, each rounded down.
 *
 * A cluster is what leads to one root, in any number of steps. It never weighs more than its largest member alone; what is
 * rounded off, less than one a member, is nobody's. A member with k others keeps at least `floor(weight / (k + 1))`, whatever
 * they weigh. Alone nothing changes.
 *
 * @param weights of the updates, as `weightOf` gives them, in any unit; not negative
 * @param leaders of the updates, as `pluralityLeader` gives them: a root leads itself
 * @throws RangeError when the leaders run in a circle, or out of the list
 */
export function sharedWeights(weights: readonly bigint[], leaders: readonly number[]): bigint[] {
  const roots = weights.map((_, index) => rootOf(index, leaders));
  const sums = new Map<number, { max: bigint; sum: bigint }>();
  for (const [index, weight] of weights.entries()) {
    const { max, sum } = sums.get(roots[index]!) ?? { max: 0n, sum: 0n };
    sums.set(roots[index]!, { max: weight > max ? weight : max, sum: sum + weight });
  }
  return weights.map((weight, index) => {
    const { max, sum } = sums.get(roots[index]!)!;
    return sum === 0n ? 0n : (weight * max) / sum;
  });
}

/** Gives the update at the end of a chain of leaders. */
export function rootOf(index: number, leaders: readonly number[]): number {
  let at = index;
  for (let step = 0; step < leaders.length; step++) {
    const leader = leaders[at];
    if (leader === undefined) break;
    if (leader === at) return at;
    at = leader;
  }
  throw new RangeError(`update ${index} has no root`);
}

function isEarlier(leader: number, own: number, order: readonly number[]): boolean {
  const [theirs, ours] = [order[leader], order[own]];
  return theirs !== undefined && ours !== undefined && theirs < ours;
}
