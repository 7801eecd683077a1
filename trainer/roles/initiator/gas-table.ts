/**
 * Gas of the protocol's transactions, as the demo's job used it on Hardhat's node (five trainers, five seats, Prague rules),
 * rounded up to a thousand: what a quote assumes. `npm run gas` measures each call against its limit.
 */
export const GAS = {
  postJob: 520_000,
  approve: 47_000,
  joinJob: 260_000,
  commitUpdate: 100_000,
  revealUpdate: 140_000,
  stake: 115_000,
  enlist: 160_000,
  openRound: 120_000,
  armDraw: 85_000,
  drawCommittee: 260_000,
  commitScores: 65_000,
  revealScores: 65_000,
  tally: 420_000,
  attestModel: 62_000,
  settle: 420_000,
  credit: 120_000,
  withdraw: 60_000,
} as const;

/** Gas of one party's part in a job. */
export interface GasEstimate {
  readonly initiator: number;
  readonly trainer: { readonly once: number; readonly round: number };
  readonly validator: { readonly once: number; readonly round: number };
  /** What anyone does in a round, done by one of the workers in turns. */
  readonly duties: { readonly round: number };
}

/** Adds up the table for each party. Pure. */
export function estimateGas(seats: number): GasEstimate {
  const { postJob, approve, joinJob, commitUpdate, revealUpdate, stake, enlist, credit, withdraw } = GAS;
  const { openRound, armDraw, drawCommittee, commitScores, revealScores, tally, attestModel, settle } = GAS;
  const perSeat = seats / MEASURED_SEATS;
  return {
    initiator: postJob + approve + withdraw,
    trainer: { once: approve + joinJob + withdraw, round: commitUpdate + revealUpdate + credit },
    validator: {
      once: approve + stake + enlist + 2 * withdraw,
      round: commitScores + revealScores + attestModel + credit,
    },
    duties: { round: Math.ceil(openRound + armDraw + (drawCommittee + tally + settle) * perSeat) },
  };
}

/** Seats of the committees that the table was measured with. */
const MEASURED_SEATS = 5;
