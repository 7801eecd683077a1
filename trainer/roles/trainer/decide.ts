import type { ContentDigest } from "@commonweight/sdk/protocol/content-id";
import { isEnding, isPublicShardDue, type JobView } from "@commonweight/sdk/chain/job-view";

/** A trainer's journal record of a round: its update, recorded before the commitment. */
export interface PreparedUpdate {
  readonly round: number;
  readonly digest: ContentDigest;
  /** Version of the model that it was trained from. */
  readonly modelVersion?: number | undefined;
}

/**
 * Returns the newest update that was too late for its own round and that the job still accepts; `undefined` for none.
 *
 * @param earlier updates of earlier rounds
 * @param maxStaleness most model versions that an update may lag
 */
export function lateUpdate(
  view: JobView,
  earlier: readonly PreparedUpdate[],
  maxStaleness: number,
): PreparedUpdate | undefined {
  const handedIn = view.self.member?.lastCommitted ?? 0;
  const usable = earlier.filter(
    ({ round, modelVersion = -Infinity }) =>
      round > handedIn && round < view.roundNumber && view.modelVersion - modelVersion <= maxStaleness,
  );
  return usable.toSorted((a, b) => b.round - a.round)[0];
}

/** What a trainer does next on one job. */
export type TrainerAction =
  | { readonly kind: "join" }
  | { readonly kind: "train" }
  | { readonly kind: "commit"; readonly digest: ContentDigest }
  | { readonly kind: "reveal"; readonly digest: ContentDigest }
  | { readonly kind: "wait" }
  | { readonly kind: "stop"; readonly reason: "closed" | "ending" | "left" };

/**
 * Decides what a trainer does next.
 *
 * Pure: the same view and records give the same action, so a restarted worker continues where it stopped. A prepared
 * update that was lost with the disk is trained again: training is seeded.
 *
 * @param joined whether this worker has been a member of the job before
 */
export function nextTrainerAction(view: JobView, prepared: PreparedUpdate | undefined, joined: boolean): TrainerAction {
  if (view.phase === "closed" || view.phase === "none") return { kind: "stop", reason: "closed" };
  const { member } = view.self;
  if (member === undefined) {
    if (joined) return { kind: "stop", reason: "left" };
    return isEnding(view) ? { kind: "stop", reason: "ending" } : { kind: "join" };
  }
  const current = prepared?.round === view.roundNumber ? prepared : undefined;
  switch (view.phase) {
    case "training":
      if (member.since > view.roundNumber || member.leaving !== 0) return { kind: "wait" };
      if (member.lastCommitted === view.roundNumber || isPublicShardDue(view)) return { kind: "wait" };
      return current === undefined ? { kind: "train" } : { kind: "commit", digest: current.digest };
    case "disclosure":
      if (member.lastCommitted !== view.roundNumber || member.lastRevealed === view.roundNumber)
        return { kind: "wait" };
      if (current === undefined) return { kind: "train" };
      return view.isDeep ? { kind: "reveal", digest: current.digest } : { kind: "wait" };
    case "waiting":
    case "draw":
    case "scoring":
    case "reveal":
    case "tally":
    case "attestation":
    case "settlement":
      return { kind: "wait" };
  }
}
