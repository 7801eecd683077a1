import type { Contracts } from "../../../sdk/contracts.ts";
import type { JobView } from "../../../sdk/job-view.ts";
import { UNAVAILABLE } from "../../../sdk/scores.ts";
import { grown, rebased, type TrustPool } from "../../../sdk/trust.ts";
import type { Rational } from "../../ml/rational.ts";
import type { JobContext } from "../job-context.ts";

/**
 * Computes each update's trust r_i / Z as the panel will keep it once the round is settled (`ScoringPanel._updateTrust`):
 * what FLoBC weighs updates with. Empty for jobs that keep no trust.
 */
export async function readTrust(
  contracts: Contracts,
  { spec }: JobContext,
  view: JobView,
): Promise<readonly Rational[]> {
  if (spec.aggregation.rule !== "trust" || view.round === undefined) return [];
  const { updates, committee } = view.round;
  const at = { blockTag: view.block };
  const answers = await Promise.all(updates.map(({ trainer }) => contracts.panel.trustOf(view.jobId, trainer, at)));
  const before = answers[0]?.pool;
  if (before === undefined) return [];
  const pool = poolOf(before);
  let sum = pool.total - pool.departed;
  const values = answers.map(({ value }, index) => {
    const gain = committee?.consensus[index] ?? 0;
    if (updates[index]?.isCopy === true || gain === UNAVAILABLE) return value;
    const next = grown(value, gain, pool.total);
    sum += next - value;
    return next;
  });
  // Where all trust is lost nothing is merged; the next round begins anew.
  const { total } = rebased(pool, sum);
  return sum === 0n
    ? values.map(() => ({ numerator: 0n, denominator: total }))
    : values.map((value) => ({ numerator: value, denominator: sum }));
}

function poolOf(pool: { total: bigint; epoch: bigint; scale: bigint; departed: bigint; members: bigint }): TrustPool {
  const { total, departed } = pool;
  return { total, departed, epoch: Number(pool.epoch), scale: Number(pool.scale), members: Number(pool.members) };
}
