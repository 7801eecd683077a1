import { id as keccakOf } from "ethers";

import {
  drawDueSince,
  graceOf,
  isEnding,
  isHoldoutDue,
  openingEnd,
  settlementEnd,
  type CommitteeView,
  type JobView,
} from "@commonweight/sdk/chain/job-view";
import { hindrancesOf } from "./status/held-up.ts";
import { MIN_SEATS } from "@commonweight/sdk/protocol/limits";
import { MAX_SEATS } from "@commonweight/sdk/protocol/limits";
import { isLate } from "@commonweight/sdk/protocol/phases";

/** A call that any account may send and that advances a job. */
export type Duty =
  | { readonly kind: "openRound" }
  | { readonly kind: "closeJob" }
  | { readonly kind: "drawCommittee" }
  | { readonly kind: "tally"; readonly count: number }
  | { readonly kind: "settle" }
  | { readonly kind: "failAttempt" }
  /** Shows that the chain runs, so that the silence of others can be slashed. */
  | { readonly kind: "witness"; readonly of: "trainers" | "initiator" | "seats" };

/**
 * Gives the number of updates that a worker tallies in one transaction: 8 of 31 seats, and of fewer seats as many more.
 * So a transaction stays below 8 million gas, labels included.
 */
export function updatesPerTally(seats: number): number {
  return Math.floor((8 * MAX_SEATS) / seats);
}

/**
 * Returns the duty that is due; `undefined` if the job advances with time or only by its members' acts.
 *
 * Pure. `settle` is returned for every worker, but only one that computed the next model can send it.
 */
export function nextDuty(view: JobView): Duty | undefined {
  const committee = view.round?.committee;
  switch (view.phase) {
    case "waiting":
      if (isEnding(view)) return { kind: "closeJob" };
      return hindrancesOf(view).length === 0 ? { kind: "openRound" } : undefined;
    case "disclosure":
      return isDisclosureUnseen(view) ? { kind: "witness", of: "trainers" } : undefined;
    case "scoring":
    case "reveal":
      return committee !== undefined && isSilenceUnseen(view, committee) ? { kind: "witness", of: "seats" } : undefined;
    case "draw":
      return drawDuty(view);
    case "tally":
      return committee && { kind: "tally", count: updatesPerTally(committee.seats.length) };
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

/** The same for the time in which the initiator has to open the round's shard. */
function isOpeningUnseen({ round, params, time }: JobView): boolean {
  if (round === undefined || round.openingWitnessed) return false;
  return isLate(round.disclosureEnd, openingEnd(round, params), time);
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
 * Returns the number of workers whose turn for this duty is before that of `account`. With turns, only one worker pays
 * for the transaction; if it does not act, the next one does. The order changes with every duty.
 *
 * The candidates are the committee's seats or, while there is no committee at work, the enlisted; others come after
 * them.
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

function drawDuty(view: JobView): Duty | undefined {
  if (isHoldoutDue(view)) return isOpeningUnseen(view) ? { kind: "witness", of: "initiator" } : undefined;
  if (view.drawable >= MIN_SEATS) return { kind: "drawCommittee" };
  return view.time >= drawDueSince(view) + graceOf(view) ? { kind: "closeJob" } : undefined;
}
