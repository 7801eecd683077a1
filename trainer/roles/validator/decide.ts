import { id as keccakOf } from "ethers";

import type { ContentDigest } from "@commonweight/sdk/protocol/content-id";
import { isEnding, type JobView } from "@commonweight/sdk/chain/job-view";
import type { ScoreVector } from "@commonweight/sdk/protocol/score-vector";

/** A validator's journal record of an attempt: its score vector, recorded before the commitment. */
export interface SealedScores extends ScoreVector {
  readonly round: number;
  readonly attempt: number;
  /** `scoresBasis` of the view that they were computed from. */
  readonly basis: string;
}

/** The next model computed by this validator, and the absolute scores of base and next model, in basis points. */
export interface NextModel {
  readonly round: number;
  readonly attempt: number;
  /** `modelBasis` of the view that it was computed from. */
  readonly basis: string;
  readonly digest: ContentDigest;
  /** Of the model that the round found, on the samples that it was scored on at its release. */
  readonly baseScore: number;
  readonly score: number;
}

export interface ValidatorMemory {
  readonly scores: SealedScores | undefined;
  readonly model: NextModel | undefined;
  /** Free stake in the job's token, in its smallest unit. */
  readonly freeStake: bigint;
  /** Whether it has seen that the initiator's shards are not cut from the same samples, and leaves. */
  readonly leaves: boolean;
}

/** Names what an attempt's scores follow from: after a reorganisation the same attempt may stand on something else. */
export function scoresBasis({ modelDigest, round }: JobView): string {
  const updates = round?.updates.map(({ trainer, digest, order }) => [trainer, digest, order]);
  return keccakOf(JSON.stringify([modelDigest, round?.holdoutKey, updates, round?.committee?.seed]));
}

/** Names what an attempt's next model follows from. */
export function modelBasis(view: JobView): string {
  const committee = view.round?.committee;
  return keccakOf(JSON.stringify([scoresBasis(view), committee?.consensus, committee?.labels]));
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
  | { readonly kind: "stop"; readonly reason: "closed" | "ending" | "stake" | "exam" };

/**
 * Decides what a validator does next.
 *
 * Pure: the same view and memory give the same action, so a restarted worker continues where it stopped. Scores and
 * models that were lost with the disk, or whose inputs a reorganisation changed, are computed again.
 */
export function nextValidatorAction(view: JobView, memory: ValidatorMemory): ValidatorAction {
  if (view.phase === "closed") return view.self.isEnlisted ? { kind: "delist" } : { kind: "stop", reason: "closed" };
  if (view.phase === "none") return { kind: "stop", reason: "closed" };
  return seatAction(view, memory) ?? listAction(view, memory);
}

/** Whether the contract lets a validator off the list (`Committees.delist`). */
function canDelist({ phase, pendingRound, params }: JobView): boolean {
  const isAwaited = pendingRound !== 0 && params.milestones.length > 0;
  return phase === "training" || (phase === "waiting" && !isAwaited);
}

/** The seat's next action; `undefined` without a seat in a running round, or in a phase without work for seats. */
function seatAction(view: JobView, memory: ValidatorMemory): ValidatorAction | undefined {
  const committee = view.round?.committee;
  const seat = view.self.seat === undefined ? undefined : committee?.seats[view.self.seat];
  if (seat === undefined || committee === undefined || view.round?.outcome !== "running") return undefined;
  const isOfAttempt = (record: { round: number; attempt: number } | undefined) =>
    record?.round === view.roundNumber && record.attempt === committee.attempt;
  const scores = isOfAttempt(memory.scores) ? memory.scores : undefined;
  const model = isOfAttempt(memory.model) && memory.model?.basis === modelBasis(view) ? memory.model : undefined;
  switch (view.phase) {
    case "scoring":
      if (seat.hasCommitted) return { kind: "wait" };
      if (scores?.basis !== scoresBasis(view)) return { kind: "score" };
      return view.isDeep ? { kind: "commit", scores } : { kind: "wait" };
    case "reveal":
      if (seat.hasRevealed || !seat.hasCommitted) return { kind: "wait" };
      if (scores === undefined) return { kind: "score" };
      return view.isDeep ? { kind: "reveal", scores } : { kind: "wait" };
    case "attestation":
      if (seat.hasAttested) return { kind: "wait" };
      if (model === undefined) return { kind: "aggregate" };
      return view.isDeep ? { kind: "attest", model } : { kind: "wait" };
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
  if (memory.leaves && !view.self.isEnlisted) return { kind: "stop", reason: "exam" };
  if (memory.leaves && canDelist(view)) return { kind: "delist" };
  if (view.self.isEnlisted) return { kind: "wait" };
  if (isEnding(view) && view.phase === "waiting") return { kind: "stop", reason: "ending" };
  return memory.freeStake >= view.params.seatLock ? { kind: "enlist" } : { kind: "stop", reason: "stake" };
}
