/** Size of the round in which the table was measured, on Hardhat's node. */
export const MEASURED = { trainers: 16, seats: 7 } as const;

/**
 * Gas of each transaction for quotes: the maximum in a round of `MEASURED`, rounded up. `npm run gas` measures each
 * call; `credit` is one party's share of a crediting call.
 */
export const GAS = {
  postJob: 495_000,
  approve: 46_000,
  joinJob: 247_000,
  commitUpdate: 53_000,
  revealUpdate: 144_000,
  stake: 108_000,
  enlist: 220_000,
  openRound: 103_000,
  drawCommittee: 355_000,
  commitScores: 50_000,
  revealScores: 56_000,
  tally: 878_000,
  attestModel: 47_000,
  settle: 620_000,
  credit: 45_000,
  withdraw: 48_000,
} as const;

/** Gas of each party in a job. */
export interface GasEstimate {
  readonly initiator: number;
  readonly trainer: { readonly once: number; readonly round: number };
  readonly validator: { readonly once: number; readonly round: number };
  /** Duties of a round; the workers do them in turns. */
  readonly duties: { readonly round: number };
}

/** Adds up the table for each party. Pure. */
export function estimateGas(seats: number): GasEstimate {
  const { postJob, approve, joinJob, commitUpdate, revealUpdate, stake, enlist, credit, withdraw } = GAS;
  const { openRound, drawCommittee, commitScores, revealScores, tally, attestModel, settle } = GAS;
  const perSeat = seats / MEASURED.seats;
  return {
    initiator: postJob + approve + withdraw,
    trainer: { once: approve + joinJob + withdraw, round: commitUpdate + revealUpdate + credit },
    validator: {
      once: approve + stake + enlist + 2 * withdraw,
      round: commitScores + revealScores + attestModel + credit,
    },
    duties: { round: Math.ceil(openRound + (drawCommittee + tally + settle) * perSeat) },
  };
}
