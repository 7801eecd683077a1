import { id as keccakOf } from "ethers";

import {
  drawDueSince,
  graceOf,
  isEnding,
  isOverdue,
  settlementEnd,
  type CommitteeView,
  type JobView,
} from "@commonweight/sdk/chain/job-view";
import { MIN_SEATS } from "@commonweight/sdk/protocol/limits";
import { isLate } from "@commonweight/sdk/protocol/phases";

/** Work that anyone may do and that keeps a job moving. */
export type Duty =
  | { readonly kind: "openRound" }
  | { readonly kind: "closeJob" }
  | { readonly kind: "drawCommittee" }
  | { readonly kind: "tally"; readonly count: number }
  | { readonly kind: "settle" }
  | { readonly kind: "failAttempt" }
  /** Shows that the chain runs, so that the silence of others can be slashed. */
  | { readonly kind: "witness"; readonly of: "trainers" | "seats" };

/** Keeps a tally of 31 seats with labels below 8 million gas: half a million an update. */
export const UPDATES_PER_TALLY = 8;

/**
 * Says what anyone may do now to move the job on; `undefined` where it moves by itself or only its members can move it.
 *
 * Pure. `settle` is named for everyone, but only who computed the next model can do it.
 */
export function nextDuty(view: JobView): Duty | undefined {
  const committee = view.round?.committee;
  switch (view.phase) {
    case "waiting":
      if (isEnding(view)) return { kind: "closeJob" };
      return isOverdue(view) || canOpen(view) ? { kind: "openRound" } : undefined;
    case "disclosure":
      return isDisclosureUnseen(view) ? { kind: "witness", of: "trainers" } : undefined;
    case "scoring":
    case "reveal":
      return committee !== undefined && isSilenceUnseen(view, committee) ? { kind: "witness", of: "seats" } : undefined;
    case "draw":
      return drawDuty(view);
    case "tally":
      return { kind: "tally", count: UPDATES_PER_TALLY };
    case "settlement":
      if (committee === undefined) return undefined;
      return { kind: view.time < settlementEnd(view, committee) ? "settle" : "failAttempt" };
    case "none":
    case "training":
    case "attestation":
    case "closed":
      return undefined;
  }
}

/** Whether somebody has not disclosed, it is late in Disclosure, and no transaction shows yet that the chain runs. */
function isDisclosureUnseen({ round, params, time }: JobView): boolean {
  if (round === undefined || round.witnessed) return false;
  return isLate(round.disclosureEnd - params.disclosurePeriod, round.disclosureEnd, time);
}

/** The same for the seats of Scoring and Reveal. */
function isSilenceUnseen({ phase, time }: JobView, committee: CommitteeView): boolean {
  const { drawnAt, scoringEnd, revealEnd, scoringWitnessed, revealWitnessed } = committee;
  if (phase === "scoring") return !scoringWitnessed && isLate(drawnAt, scoringEnd, time);
  return !revealWitnessed && isLate(scoringEnd, revealEnd, time);
}

/** Names one duty of one state of the job: while the name stays, nobody has done it. */
export function dutyName(view: JobView, duty: Duty): string {
  const committee = view.round?.committee;
  return [duty.kind, view.roundNumber, committee?.attempt ?? 0, committee?.tallied ?? 0].join("/");
}

/**
 * How many others have the right to do this duty before `account`: workers take turns, so that one pays and the others
 * wait, and if it is silent the next one does it. The order changes with every duty.
 *
 * Seats come first, for they are there; then the enlisted; everyone else comes after them.
 */
export function turnOf(view: JobView, duty: Duty, account: string): number {
  const seats = view.round?.committee?.seats.map(({ validator }) => validator) ?? [];
  const candidates = seats.length > 0 && view.phase !== "waiting" && view.phase !== "draw" ? seats : view.enlisted;
  const name = dutyName(view, duty);
  const rankOf = (candidate: string) => keccakOf(`${name}/${candidate.toLowerCase()}`);
  const own = rankOf(account);
  const before = candidates.filter((candidate) => rankOf(candidate) < own).length;
  return candidates.includes(account) ? before : candidates.length + (Number.parseInt(own.slice(-4), 16) % 8);
}

function canOpen({ members, enlisted, params }: JobView): boolean {
  return members >= params.minTrainers && enlisted.length >= params.minValidators;
}

function drawDuty(view: JobView): Duty | undefined {
  if (view.drawable >= MIN_SEATS) return { kind: "drawCommittee" };
  return view.time >= drawDueSince(view) + graceOf(view) ? { kind: "closeJob" } : undefined;
}
