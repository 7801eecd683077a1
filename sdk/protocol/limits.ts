// Mirror of the limits in `contracts/libraries/JobRules.sol`, for checks before a transaction is sent.

/** Most updates in a round. */
export const MAX_UPDATES = 64;
/** Fewest rounds of a job with a sealed holdout: in the last one the initiator knows which shard is left. */
export const MIN_SEALED_ROUNDS = 2;
/** Seats of a committee. */
export const MIN_SEATS = 3;
export const MAX_SEATS = 31;
/** With fewer seats, one dishonest and one absent validator can spoil a round. */
export const ROBUST_SEATS = 5;
/** Basis points that make up a whole. */
export const BPS = 10_000;
/** Points of a price list. */
export const MIN_MILESTONES = 2;
export const MAX_MILESTONES = 8;
/** Largest amount of one kind, in the token's smallest unit. */
export const MAX_AMOUNT = 2n ** 111n;
/** Rounds of a job. */
export const MAX_ROUNDS = 10_000;
/** Longest phase, in seconds. */
export const MAX_PERIOD = 30 * 86_400;
/** Latest deadline, in seconds from the posting. */
export const MAX_DURATION = 3 * 365 * 86_400;
/** Longest time for which a job's released models are served after its closing, in seconds. */
export const MAX_SERVING = 365 * 86_400;
/** Most holdout evaluations by one validator in a round. */
export const MAX_EVALUATIONS = 65_535;
