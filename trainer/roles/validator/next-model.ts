import type { AggregationSpec } from "@commonweight/sdk/spec/aggregation-spec";
import { isVoid } from "@commonweight/sdk/protocol/consensus";
import { CommonweightError } from "@commonweight/sdk/errors";
import type { Weights } from "../../model/tensors.ts";
import { directionOf, type AggregationRule } from "../../aggregation/direction.ts";
import type { ModelState } from "../../model/model-state.ts";
import type { Rational } from "../../aggregation/rational.ts";
import type { RevealedUpdate } from "../../scoring/score.ts";
import { serverStep } from "../../aggregation/server-step.ts";
import type { JobRecipe } from "../worker/job-context.ts";
import { clipUpdates } from "./round-updates.ts";

/** A round's public inputs: they determine the next model. */
export interface Aggregation {
  readonly job: Pick<JobRecipe, "spec">;
  /** The model at the start of the round. */
  readonly base: ModelState;
  readonly updates: readonly RevealedUpdate[];
  /** Consensus scores, one for each update. */
  readonly consensus: readonly number[];
  /** Trust r_i / Z of each update's trainer after the round; only for aggregation `trust`. */
  readonly trust: readonly Rational[];
}

/** An update that is merged into the next model. */
interface Merged {
  readonly delta: Weights;
  readonly score: number;
  readonly share: Rational | undefined;
}

/**
 * Computes the next model: a pure function of data on chain and on IPFS, with the same bytes at every honest seat.
 *
 * Void updates and copies are excluded. `fedavg` and `gain` merge the updates with a score above 0, so a harmful update
 * is neither paid nor merged. `trust` and the robust rules merge all other updates, whatever their scores, because
 * their guarantees need a majority of all updates. If nothing is merged, or the step does not fit float32, the model
 * and the optimizer's state stay unchanged.
 *
 * @returns `base` itself if it stays unchanged
 * @throws MODEL_UPDATE_MISSING the committee scored an update that this validator does not have
 */
export function nextModel({ job, base, updates, consensus, trust }: Aggregation): ModelState {
  const { aggregation, serverOptimizer } = job.spec;
  const scored = updates.map((update, index) => (isVoid(consensus[index] ?? 0) ? voided : update));
  scored.forEach(requireThere);
  const merged = clipUpdates(job, scored).flatMap((update, index): readonly Merged[] => {
    const score = consensus[index] ?? 0;
    const isMerged = update.kind === "valid" && (score > 0 || !NEEDS_SCORE[aggregation.rule]);
    return isMerged ? [{ delta: update.delta, score, share: trust[index] }] : [];
  });
  if (merged.length === 0) return base;
  const direction = directionOf(
    merged.map(({ delta }) => delta),
    ruleOf(aggregation, merged),
  );
  try {
    return serverStep(base, direction, serverOptimizer);
  } catch (error) {
    if (error instanceof CommonweightError && error.code === "AGGREGATE_NOT_FINITE") return base;
    throw error;
  }
}

const voided: RevealedUpdate = { kind: "malformed" };

/** Rules that merge only updates with a score above 0. */
const NEEDS_SCORE: Readonly<Record<AggregationSpec["rule"], boolean>> = {
  fedavg: true,
  gain: true,
  trust: false,
  median: false,
  "trimmed-mean": false,
  "multi-krum": false,
  "centred-clip": false,
};

function ruleOf(spec: AggregationSpec, merged: readonly Merged[]): AggregationRule {
  switch (spec.rule) {
    case "fedavg":
    case "median":
      return { kind: spec.rule };
    case "trust":
      return { kind: spec.rule, shares: merged.flatMap(({ share }) => share ?? []) };
    case "gain":
      return { kind: spec.rule, scores: merged.map(({ score }) => score) };
    case "trimmed-mean":
      return { kind: spec.rule, trim: spec.trim };
    case "multi-krum":
      return { kind: spec.rule, faulty: spec.faulty, selected: spec.selected };
    case "centred-clip":
      return { kind: spec.rule, radius: spec.radius, iterations: spec.iterations };
  }
}

function requireThere(update: RevealedUpdate, index: number): void {
  if (update.kind !== "unavailable") return;
  throw new CommonweightError(
    "MODEL_UPDATE_MISSING",
    `update ${index} was scored by the committee, but no connected peer serves it`,
    "The worker retries; check its connection to the other workers (bootstrap addresses).",
  );
}
