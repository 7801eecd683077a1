import { SealedHoldout as Holdout } from "../../../experiments/lab/driver/sealed-holdout.ts";
import { HOLDOUT, type JobTerms } from "./job-params.ts";

/** First value of a score vector that judges a sealed holdout. */
export const READABLE = 1;
export const UNREADABLE = 0;

/** The sealed holdout of experiments/lab, with the parameters of its job. */
export class SealedHoldout extends Holdout {
  terms(initiatorBond: bigint): Partial<JobTerms> {
    return { holdout: HOLDOUT.sealed, initiatorBond, holdoutRoot: this.root, rounds: this.shards };
  }
}
