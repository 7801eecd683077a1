import { id as keccakOf } from "ethers";

import { isEnding, settlementEnd, type CommitteeView, type JobView } from "@commonweight/sdk/chain/job-view";
import { MIN_SEATS } from "@commonweight/sdk/protocol/limits";

/** A call that any account may send and that advances a job. */
export type Duty =
  | { readonly kind: "openRound" }
  | { readonly kind: "closeJob" }
  | { readonly kind: "armDraw" }
  | { readonly kind: "drawCommittee" }
  | { readonly kind: "tally"; readonly count: number }
  | { readonly kind: "settle" }
  | { readonly kind: "failAttempt" };

/** Age up to which a seed is drawn from, a little below the 256 blocks for which contracts can read block hashes. */
const SEED_LIFETIME_BLOCKS = 250;
/** Keeps a tally of 31 seats with labels below 8 million gas: half a million per update. */
export const UPDATES_PER_TALLY = 8;

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
      return canOpen(view) ? { kind: "openRound" } : undefined;
    case "draw":
      return drawDuty(view, committee);
    case "tally":
      return { kind: "tally", count: UPDATES_PER_TALLY };
    case "settlement":
      if (committee === undefined) return undefined;
      return { kind: view.time < settlementEnd(view, committee) ? "settle" : "failAttempt" };
    case "none":
    case "training":
    case "disclosure":
    case "scoring":
    case "reveal":
    case "attestation":
    case "closed":
      return undefined;
  }
}

/** Identifies one duty in one state of the job: an unchanged name means that it is not done yet. */
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

function canOpen({ members, enlisted, params }: JobView): boolean {
  return members >= params.minTrainers && enlisted.length >= params.minValidators;
}

function drawDuty(view: JobView, committee: CommitteeView | undefined): Duty | undefined {
  if (view.enlisted.length < MIN_SEATS) {
    return view.time >= view.params.deadline ? { kind: "closeJob" } : undefined;
  }
  const seedBlock = committee?.seedBlock ?? 0;
  const isArmed = seedBlock !== 0 && view.block - seedBlock < SEED_LIFETIME_BLOCKS;
  if (isArmed) return { kind: "drawCommittee" };
  // From 250 to 256 blocks the seed is valid, but a draw could come too late and arming be refused: wait.
  const isExpiring = seedBlock !== 0 && view.block - seedBlock <= 256;
  return isExpiring ? undefined : { kind: "armDraw" };
}
