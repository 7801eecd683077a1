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

/** A round's public inputs, from which every seat computes the same next model. */
export interface Aggregation {
  readonly job: Pick<JobRecipe, "spec">;
  /** The model that the round found. */
  readonly base: ModelState;
  readonly updates: readonly RevealedUpdate[];
  /** Consensus scores, one for each update. */
  readonly consensus: readonly number[];
  /** Trust r_i / Z of each update's trainer after the round; only for aggregation `trust`. */
  readonly trust: readonly Rational[];
}

/** An update that goes into the next model. */
interface Merged {
  readonly delta: Weights;
  readonly score: number;
  readonly share: Rational | undefined;
}

/**
 * Computes the next model: a pure function of what is on chain and on IPFS, the same bytes at every honest seat.
 *
 * Updates that the committee voided, and copies, are left out. `fedavg` and `gain` merge those with a score above 0:
 * what harms the model is neither paid nor merged. `trust` and the robust rules merge all that are left, whatever their
 * scores: what they promise holds for a majority of all updates. Where nothing is merged, or the step does not fit
 * float32, the model stays as it is, the optimiser's state too.
 *
 * @returns the base itself where it stays
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

/** Rules that merge only what helped. */
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
    `update ${index} was scored by the committee, but nobody serves it to this validator`,
    "It is tried again; check the connection to the other workers (bootstrap addresses).",
  );
}
