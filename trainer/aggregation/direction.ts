import { CommonweightError } from "@commonweight/sdk/errors";
import type { Weights } from "../model/tensors.ts";
import { mean } from "./vectors/mean.ts";
import { toFloat64, type Rational } from "./rational.ts";
import { centredClip } from "./rules/centred-clip.ts";
import { gain } from "./rules/gain.ts";
import { median } from "./rules/median.ts";
import { multiKrum } from "./rules/multi-krum.ts";
import { trimmedMean } from "./rules/trimmed-mean.ts";
import { weightedSum } from "./vectors/weighted-sum.ts";

/**
 * The rule that combines updates into one direction; `serverStep` turns it into the next model.
 *
 * - `fedavg`: `mean(u_i)`, equal weights (McMahan et al. 2017, arXiv 1602.05629, algorithm 1 with equal sample counts).
 * - `trust`: `sum s_i u_i` (FLoBC, Ghanem et al. 2021, arXiv 2112.11873). `shares` are the trainers' trust `r_i / Z` as
 *   on chain, in the order of the updates; each becomes the nearest float64 (`toFloat64`).
 * - `gain`: weights in proportion to the consensus `scores`, one for each update.
 * - `median`, `trimmed-mean`, `multi-krum`, `centred-clip`: robust rules, each in its own file in `rules/`.
 *
 * A new rule needs a member here, a case in `combined`, a file in `rules/` and a member in
 * `sdk/spec/aggregation-spec.ts`.
 */
export type AggregationRule =
  | { readonly kind: "fedavg" }
  | { readonly kind: "trust"; readonly shares: readonly Rational[] }
  | { readonly kind: "gain"; readonly scores: readonly number[] }
  | { readonly kind: "median" }
  | { readonly kind: "trimmed-mean"; readonly trim: number }
  | { readonly kind: "multi-krum"; readonly faulty: number; readonly selected: number }
  | { readonly kind: "centred-clip"; readonly radius: number; readonly iterations: number };

/**
 * Combines the updates, in the chain's order, into one direction: the vector to add to the model.
 *
 * Float64 in a fixed order with only `+ - x /` and `sqrt`, not yet rounded to float32: the same bytes on every machine,
 * which a majority needs to attest a model (`docs/protocol.md`). Updates are valid, without copies, and already clipped
 * if the job clips. With too few updates for a rule's parameters, the rule reduces these as its file documents.
 *
 * @param updates differences to the model, at least one, all of one length
 * @throws AGGREGATE_EMPTY · AGGREGATE_LENGTH · AGGREGATE_SHARES · AGGREGATE_SCORES
 */
export function directionOf(updates: readonly Weights[], rule: AggregationRule): Float64Array {
  checkLengths(updates);
  return combined(updates, rule);
}

function combined(updates: readonly Weights[], rule: AggregationRule): Float64Array {
  switch (rule.kind) {
    case "fedavg":
      return mean(updates);
    case "trust":
      checkShares(updates, rule.shares);
      return weightedSum(updates, Float64Array.from(rule.shares, toFloat64), 1);
    case "gain":
      checkScores(updates, rule.scores);
      return gain(updates, rule.scores);
    case "median":
      return median(updates);
    case "trimmed-mean":
      return trimmedMean(updates, rule.trim);
    case "multi-krum":
      return multiKrum(updates, rule);
    case "centred-clip":
      return centredClip(updates, rule);
  }
}

function checkLengths(updates: readonly Weights[]): void {
  const [first] = updates;
  if (first === undefined) throw fault("EMPTY", "no updates", "A round without valid updates keeps its model.");
  const wrong = updates.findIndex(({ length }) => length !== first.length);
  if (wrong < 0) return;
  const message = `update ${wrong} has ${updates[wrong]?.length} values instead of ${first.length}`;
  throw fault("LENGTH", message, "Aggregate only what `readSafetensors` accepted for the job's model.");
}

function checkShares(updates: readonly Weights[], shares: readonly Rational[]): void {
  const sound = shares.every(({ numerator, denominator }) => numerator >= 0n && denominator > 0n);
  if (sound && shares.length === updates.length) return;
  const message = `${shares.length} shares for ${updates.length} updates, or a share that is negative or undefined`;
  throw fault("SHARES", message, "Read one trust share for each update from the chain.");
}

function checkScores(updates: readonly Weights[], scores: readonly number[]): void {
  if (scores.length === updates.length && scores.every(Number.isSafeInteger)) return;
  const message = `${scores.length} scores for ${updates.length} updates, or a score that is not a whole number`;
  throw fault("SCORES", message, "Read one consensus score for each update from the chain.");
}

function fault(condition: string, message: string, hint: string): CommonweightError {
  return new CommonweightError(`AGGREGATE_${condition}`, message, hint);
}
