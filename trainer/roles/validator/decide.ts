import type { ContentDigest } from "@commonweight/sdk/protocol/content-id";
import { isEnding, type JobView } from "@commonweight/sdk/chain/job-view";
import type { ScoreVector } from "@commonweight/sdk/protocol/score-vector";

/** A validator's journal record of an attempt: its score vector, recorded before the commitment. */
export interface SealedScores extends ScoreVector {
  readonly round: number;
  readonly attempt: number;
}

/** The next model computed by this validator, and the absolute scores of base and next model, in basis points. */
export interface NextModel {
  readonly round: number;
  readonly attempt: number;
  readonly digest: ContentDigest;
  readonly baseScore: number;
  readonly score: number;
}

export interface ValidatorMemory {
  readonly scores: SealedScores | undefined;
  readonly model: NextModel | undefined;
  /** Free stake in the job's token, in its smallest unit. */
  readonly freeStake: bigint;
}

/** What a validator does next on one job. */
export type ValidatorAction =
  | { readonly kind: "enlist" }
  | { readonly kind: "score" }
  | { readonly kind: "commit"; readonly scores: SealedScores }
  | { readonly kind: "reveal"; readonly scores: SealedScores }
  | { readonly kind: "aggregate" }
  | { readonly kind: "attest"; readonly model: NextModel }
  | { readonly kind: "delist" }
  | { readonly kind: "wait" }
  | { readonly kind: "stop"; readonly reason: "closed" | "ending" | "stake" };

/**
 * Decides what a validator does next.
 *
 * Pure: the same view and memory give the same action, so a restarted worker continues where it stopped. Scores and
 * models that were lost with the disk are computed again from the same inputs.
 */
export function nextValidatorAction(view: JobView, memory: ValidatorMemory): ValidatorAction {
  if (view.phase === "closed") return view.self.isEnlisted ? { kind: "delist" } : { kind: "stop", reason: "closed" };
  if (view.phase === "none") return { kind: "stop", reason: "closed" };
  return seatAction(view, memory) ?? listAction(view, memory);
}

/** The seat's next action; `undefined` without a seat in a running round, or in a phase without work for seats. */
function seatAction(view: JobView, memory: ValidatorMemory): ValidatorAction | undefined {
  const committee = view.round?.committee;
  const seat = view.self.seat === undefined ? undefined : committee?.seats[view.self.seat];
  if (seat === undefined || committee === undefined || view.round?.outcome !== "running") return undefined;
  const isOfAttempt = (record: { round: number; attempt: number } | undefined) =>
    record?.round === view.roundNumber && record.attempt === committee.attempt;
  const scores = isOfAttempt(memory.scores) ? memory.scores : undefined;
  const model = isOfAttempt(memory.model) ? memory.model : undefined;
  switch (view.phase) {
    case "scoring":
      if (seat.hasCommitted) return { kind: "wait" };
      return scores === undefined ? { kind: "score" } : { kind: "commit", scores };
    case "reveal":
      if (seat.hasRevealed || !seat.hasCommitted) return { kind: "wait" };
      return scores === undefined ? { kind: "score" } : { kind: "reveal", scores };
    case "attestation":
      if (seat.hasAttested) return { kind: "wait" };
      return model === undefined ? { kind: "aggregate" } : { kind: "attest", model };
    case "tally":
    case "settlement":
      return { kind: "wait" };
    case "none":
    case "waiting":
    case "training":
    case "disclosure":
    case "draw":
    case "closed":
      return undefined;
  }
}

function listAction(view: JobView, memory: ValidatorMemory): ValidatorAction {
  if (view.self.isEnlisted) return { kind: "wait" };
  if (isEnding(view) && view.phase === "waiting") return { kind: "stop", reason: "ending" };
  return memory.freeStake >= view.params.seatLock ? { kind: "enlist" } : { kind: "stop", reason: "stake" };
}
