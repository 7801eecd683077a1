import { CommonweightError } from "../../sdk/errors.ts";
import type { Weights } from "../engine/port.ts";
import { toFloat64, type Rational } from "./rational.ts";
import { weightedSum } from "./weighted-sum.ts";

/**
 * How updates become the next model.
 *
 * - `fedavg`: `w + mean(u_i)`, equal weights (McMahan et al. 2017, arXiv 1602.05629, algorithm 1 with equal sample counts).
 * - `trust`: `w + sum s_i u_i` (FLoBC, Ghanem et al. 2021, arXiv 2112.11873). `shares` are the trainers' trust `r_i / Z` as
 *   the chain keeps it, in the order of the updates; each becomes the nearest float64 (`toFloat64`).
 *
 * A further rule is a member here, a case in `aggregate` and a function of base and updates.
 */
export type AggregationRule =
  { readonly kind: "fedavg" } | { readonly kind: "trust"; readonly shares: readonly Rational[] };

/**
 * Computes the next model from the updates, in the order in which the chain lists them.
 *
 * Fixed order, float64 accumulation, `+ - x /` only, one rounding to float32: the same bytes on every machine, which is what
 * makes attestation by majority possible (`docs/protocol.md`). Updates are valid, without copies, and clipped where the
 * job clips.
 *
 * @param base weights of the current model
 * @param updates deltas against it, each as long as it
 * @throws AGGREGATE_EMPTY · AGGREGATE_LENGTH · AGGREGATE_SHARES · AGGREGATE_NOT_FINITE when the sum exceeds float32
 */
export function aggregate(base: Weights, updates: readonly Weights[], rule: AggregationRule): Weights {
  checkLengths(base, updates);
  const model = applyRule(base, updates, rule);
  // Infinity - Infinity and NaN - NaN are NaN, any number minus itself is 0.
  let faults = 0;
  for (let at = 0; at < model.length; at++) faults += model[at]! - model[at]!;
  if (faults !== 0)
    throw fault("NOT_FINITE", "the sum does not fit float32", "Clip the updates before they are aggregated.");
  return model;
}

function applyRule(base: Weights, updates: readonly Weights[], rule: AggregationRule): Weights {
  switch (rule.kind) {
    case "fedavg":
      return meanOf(base, updates, updates.length);
    case "trust":
      checkShares(updates, rule.shares);
      return weightedSum(base, updates, Float64Array.from(rule.shares, toFloat64), 1);
  }
}

/** `base + (sum of updates) / count`: with `count` above their number the others count as zero updates. */
export function meanOf(base: Weights, updates: readonly Weights[], count: number): Weights {
  return weightedSum(base, updates, new Float64Array(updates.length).fill(1), count);
}

function checkLengths(base: Weights, updates: readonly Weights[]): void {
  if (updates.length === 0) throw fault("EMPTY", "no updates", "A round without valid updates keeps its model.");
  const wrong = updates.findIndex(({ length }) => length !== base.length);
  if (wrong < 0) return;
  const message = `update ${wrong} has ${updates[wrong]?.length} values instead of ${base.length}`;
  throw fault("LENGTH", message, "Aggregate only what `readSafetensors` accepted for the job's model.");
}

function checkShares(updates: readonly Weights[], shares: readonly Rational[]): void {
  const sound = shares.every(({ numerator, denominator }) => numerator >= 0n && denominator > 0n);
  if (sound && shares.length === updates.length) return;
  const message = `${shares.length} shares for ${updates.length} updates, or a share that is negative or over nothing`;
  throw fault("SHARES", message, "Read one trust share for each update from the chain.");
}

function fault(condition: string, message: string, hint: string): CommonweightError {
  return new CommonweightError(`AGGREGATE_${condition}`, message, hint);
}
