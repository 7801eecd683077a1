import type { JobView } from "@commonweight/sdk/chain/job-view";

/** Money of an account that its absence costs, or that stays locked. Amounts in the token's smallest unit. */
export type Risk =
  /** An update is sealed: the bond is forfeited unless it is disclosed until `until`, in seconds since 1970. */
  | { readonly kind: "sealed"; readonly amount: bigint; readonly round: number; readonly until: number }
  /** The bond is locked until the job is over or the trainer leaves. */
  | { readonly kind: "bond"; readonly amount: bigint }
  /** A seat in the running attempt: it is slashed if it stays silent. */
  | { readonly kind: "seat"; readonly amount: bigint; readonly round: number }
  /** On the list: each round's draw may give it a seat. */
  | { readonly kind: "enlisted"; readonly amount: bigint }
  /** The initiator's bond burns unless it opens the shard of every round. */
  | { readonly kind: "holdout"; readonly amount: bigint };

/** Finds what an account risks in a job while no worker of it runs. Pure. */
export function risksOf(view: JobView): readonly Risk[] {
  if (view.phase === "closed") return [];
  return [...trainerRisks(view), ...validatorRisks(view), ...initiatorRisks(view)];
}

function trainerRisks({ self: { member }, params: { bond: amount }, round, roundNumber }: JobView): readonly Risk[] {
  if (member === undefined) return [];
  const isSealed = member.lastCommitted === roundNumber && member.lastRevealed < roundNumber;
  if (isSealed && round?.outcome === "running") {
    return [{ kind: "sealed", amount, round: roundNumber, until: round.disclosureEnd }];
  }
  return member.leaving === 0 ? [{ kind: "bond", amount }] : [];
}

function validatorRisks({ self, params: { seatLock: amount }, round, roundNumber }: JobView): readonly Risk[] {
  const seat = self.seat === undefined ? undefined : round?.committee?.seats[self.seat];
  const isOpen = round?.outcome === "running" && seat?.hasRevealed === false;
  return [
    ...(isOpen ? [{ kind: "seat", amount, round: roundNumber } as const] : []),
    ...(self.isEnlisted ? [{ kind: "enlisted", amount } as const] : []),
  ];
}

function initiatorRisks({ self, initiator, params }: JobView): readonly Risk[] {
  const isOwn = initiator.toLowerCase() === self.account.toLowerCase();
  return isOwn && params.holdout === "sealed" ? [{ kind: "holdout", amount: params.initiatorBond }] : [];
}
