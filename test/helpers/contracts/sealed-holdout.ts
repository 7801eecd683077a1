import { parseEther } from "ethers";

import { SealedHoldout as Holdout } from "../../../experiments/lab/driver/sealed-holdout.ts";
import { HOLDOUT, type JobTerms } from "./job-params.ts";

/** First value of a score vector that judges a sealed holdout. */
export const READABLE = 1;
export const UNREADABLE = 0;

/** The fixtures' whole reward: what one round of a job of one round pays. */
export const LEAST_BOND = parseEther("1000") + 7n;

/** The sealed holdout of experiments/lab, with the parameters of its job. */
export class SealedHoldout extends Holdout {
  /** @param initiatorBond at least a round's pay, in the token's smallest unit */
  terms(initiatorBond = LEAST_BOND): Partial<JobTerms> {
    return { holdout: HOLDOUT.sealed, initiatorBond, holdoutRoot: this.root, rounds: this.rounds };
  }
}
