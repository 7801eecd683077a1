import type { ContentDigest } from "@commonweight/sdk/protocol/content-id";
import { isEnding, isPublicShardDue, type JobView, type MemberView } from "@commonweight/sdk/chain/job-view";

/** A trainer's journal record of a round: its update, recorded before the commitment. */
export interface PreparedUpdate {
  readonly round: number;
  readonly digest: ContentDigest;
  /** Version of the model that it was trained from. */
  readonly modelVersion?: number | undefined;
  /** How long it took to train, in seconds. */
  readonly seconds?: number | undefined;
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

/** What a trainer remembers of a job. */
export interface TrainerMemory {
  /** Its update for the round, if it has one. */
  readonly prepared: PreparedUpdate | undefined;
  /** Whether it has left, or leaves, only to join again. */
  readonly rejoins: boolean;
  /** Newest round whose shard it compared with the public one; 0 for none. */
  readonly examined: number;
  /** Whether it has seen that the initiator's shards are not cut from the same samples, and leaves. */
  readonly leaves: boolean;
}

/** What a trainer does next on one job. */
export type TrainerAction =
  | { readonly kind: "join" }
  | { readonly kind: "train" }
  | { readonly kind: "commit"; readonly digest: ContentDigest }
  | { readonly kind: "reveal"; readonly digest: ContentDigest }
  | { readonly kind: "examine" }
  | { readonly kind: "leave" }
  /** Leaves and joins again: the next round then waits for it. */
  | { readonly kind: "rejoin" }
  | { readonly kind: "wait" }
  | { readonly kind: "stop"; readonly reason: "closed" | "ending" | "left" | "exam" | "forfeited" };

/**
 * Decides what a trainer does next.
 *
 * Pure: the same view and memory give the same action, so a restarted worker continues where it stopped. A prepared
 * update that was lost with the disk is trained again: training is seeded.
 */
export function nextTrainerAction(view: JobView, memory: TrainerMemory): TrainerAction {
  if (view.phase === "closed" || view.phase === "none") return { kind: "stop", reason: "closed" };
  const { member } = view.self;
  if (member !== undefined) {
    if (member.hasForfeited) return { kind: "stop", reason: "forfeited" };
    if (canLeave(view, member, memory)) return { kind: "leave" };
    return isShutOut(view, member, memory) ? { kind: "rejoin" } : roundAction(view, member, memory);
  }
  if (memory.leaves) return { kind: "stop", reason: "exam" };
  if (view.self.wasMember && !memory.rejoins) return { kind: "stop", reason: "left" };
  return isEnding(view) ? { kind: "stop", reason: "ending" } : { kind: "join" };
}

/** Whether a trainer leaves now: it has no part in the running round, so its bond comes back at once. */
function canLeave({ round, roundNumber }: JobView, member: MemberView, { leaves }: TrainerMemory): boolean {
  const takesPart = member.lastCommitted === roundNumber && round?.outcome === "running";
  return leaves && !takesPart && member.leaving === 0;
}

/**
 * Whether a trainer came back after missing a round, trained for the running one, and this one closed without it. It
 * would happen again in every round that others finish sooner, so it joins again. A trainer that takes most of Training
 * does not: every other round would wait for it in vain.
 */
function isShutOut(view: JobView, member: MemberView, { prepared }: TrainerMemory): boolean {
  const { round, roundNumber, params, phase } = view;
  if (round === undefined || phase === "training" || round.confirming || isEnding(view)) return false;
  const hasMissed = !member.isExpected && member.leaving === 0 && member.lastCommitted < roundNumber;
  const hasTrained = prepared?.round === roundNumber && member.since <= roundNumber;
  const isFast = (prepared?.seconds ?? Infinity) <= params.trainingPeriod / 2;
  return hasMissed && hasTrained && isFast && round.trainingEnd < round.trainingStart + params.trainingPeriod;
}

function roundAction(view: JobView, member: MemberView, memory: TrainerMemory): TrainerAction {
  const { prepared } = memory;
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
      if (!view.isDeep || waitsItsTurn(view, member)) return { kind: "wait" };
      return { kind: "reveal", digest: current.digest };
    case "none":
    case "closed":
    case "waiting":
    case "draw":
    case "scoring":
    case "reveal":
    case "tally":
    case "attestation":
    case "settlement":
      return isExamDue(view, memory) ? { kind: "examine" } : { kind: "wait" };
  }
}

/** Share of Disclosure in which trainers take turns to disclose first. */
const TURNS = 0.25;

/**
 * Whether a trainer leaves the first disclosure of a round to another: in their order of commitments, one after the
 * other until one is on chain, and then all at once. The block before the first one enters the seed; whoever makes the
 * block and had read all disclosures by then would choose it.
 */
function waitsItsTurn({ round, time }: JobView, { order }: MemberView): boolean {
  if (round === undefined || round.revealed > 0) return false;
  const { trainingEnd, disclosureEnd, committed } = round;
  return time < trainingEnd + (TURNS * (disclosureEnd - trainingEnd) * order) / committed;
}

/** Whether the round's shard is open and not yet compared with the public one. */
function isExamDue({ round, roundNumber }: JobView, { examined, leaves }: TrainerMemory): boolean {
  return !leaves && round?.holdoutKey !== undefined && examined < roundNumber;
}
