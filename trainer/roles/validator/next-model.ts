import { isVoid } from "../../../sdk/consensus.ts";
import { CommonweightError } from "../../../sdk/errors.ts";
import type { Weights } from "../../engine/port.ts";
import { aggregate, type AggregationRule } from "../../ml/aggregate.ts";
import type { Rational } from "../../ml/rational.ts";
import type { RevealedUpdate } from "../../ml/score.ts";
import type { JobContext } from "../job-context.ts";
import { clipUpdates } from "./round-updates.ts";

/** A round's public inputs, from which every seat computes the same next model. */
export interface Aggregation {
  readonly job: JobContext;
  /** The model that the round found. */
  readonly base: Weights;
  readonly updates: readonly RevealedUpdate[];
  /** Consensus scores, one for each update. */
  readonly consensus: readonly number[];
  /** Trust r_i / Z of each update's trainer after the round; only for aggregation `trust`. */
  readonly trust: readonly Rational[];
}

/**
 * Computes the next model: a pure function of what is on chain and on IPFS, the same bytes at every honest seat.
 *
 * Updates that the committee voided, and copies, are left out. `fedavg` merges those with a score above 0: what harms the
 * model is neither paid nor merged. Where nothing is left the model stays as it is.
 *
 * @throws MODEL_UPDATE_MISSING the committee scored an update that this validator does not have
 */
export function nextModel({ job, base, updates, consensus, trust }: Aggregation): Weights {
  const scored = updates.map((update, index) => (isVoid(consensus[index] ?? 0) ? voided : update));
  scored.forEach(requireThere);
  const merged: Weights[] = [];
  const shares: Rational[] = [];
  clipUpdates(job, scored).forEach((update, index) => {
    const isMerged = job.spec.aggregation.rule === "trust" || (consensus[index] ?? 0) > 0;
    if (update.kind !== "valid" || !isMerged) return;
    merged.push(update.delta);
    const share = trust[index];
    if (share !== undefined) shares.push(share);
  });
  return merged.length === 0 ? base : aggregate(base, merged, ruleOf(job, shares));
}

const voided: RevealedUpdate = { kind: "malformed" };

function ruleOf(job: JobContext, shares: readonly Rational[]): AggregationRule {
  const { rule } = job.spec.aggregation;
  switch (rule) {
    case "fedavg":
      return { kind: rule };
    case "trust":
      return { kind: rule, shares };
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
