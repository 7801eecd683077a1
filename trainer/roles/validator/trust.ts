import type { Contracts } from "@commonweight/sdk/chain/contracts";
import type { JobView } from "@commonweight/sdk/chain/job-view";
import { UNAVAILABLE } from "@commonweight/sdk/protocol/scores";
import { FLOOR, grown } from "@commonweight/sdk/protocol/trust";
import type { Rational } from "../../aggregation/rational.ts";
import type { JobContext } from "../worker/job-context.ts";

/**
 * Computes each update's trust r_i / Z, FLoBC's weights, as `TrustBook.grow` will store it when the round settles.
 * Empty for jobs with another aggregation rule.
 */
export async function readTrust(
  contracts: Contracts,
  { spec }: JobContext,
  view: JobView,
): Promise<readonly Rational[]> {
  if (spec.aggregation.rule !== "trust" || view.round === undefined) return [];
  const { updates, committee } = view.round;
  const at = { blockTag: view.block };
  const answers = await Promise.all(updates.map(({ trainer }) => contracts.trust.trustOf(view.jobId, trainer, at)));
  const pool = answers[0]?.pool;
  if (pool === undefined) return [];
  let sum = pool.total - pool.departed;
  const values = answers.map(({ value }, index) => {
    const gain = committee?.consensus[index] ?? 0;
    if (updates[index]?.isCopy === true || gain === UNAVAILABLE) return value;
    const next = grown(value, gain, pool.total);
    sum += next - value;
    return next;
  });
  // If all trust is lost, every share is 0; the next round starts with equal trust.
  const denominator = sum < FLOOR ? FLOOR : sum;
  return values.map((value) => ({ numerator: sum < FLOOR ? 0n : value, denominator }));
}
