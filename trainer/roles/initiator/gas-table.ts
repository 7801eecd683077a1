/**
 * Gas of the protocol's transactions, the most that each used in a job of four trainers and four seats on Hardhat's node
 * (0.1.0), rounded up: what a quote assumes. `npm run gas` measures each call against its limit.
 */
export const GAS = {
  postJob: 490_000,
  approve: 46_000,
  joinJob: 132_000,
  commitUpdate: 70_000,
  revealUpdate: 130_000,
  stake: 102_000,
  enlist: 143_000,
  openRound: 71_000,
  armDraw: 105_000,
  drawCommittee: 265_000,
  commitScores: 69_000,
  revealScores: 69_000,
  tally: 171_000,
  attestModel: 66_000,
  settle: 285_000,
  credit: 100_000,
  withdraw: 65_000,
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
const MEASURED_SEATS = 4;
