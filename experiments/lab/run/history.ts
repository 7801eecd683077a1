import type { Weights } from "../../../trainer/model/tensors.ts";
import type { PastRound } from "../agents.ts";
import type { ChainEvent } from "../driver/virtual-chain.ts";
import type { RoundRecord, Slash } from "../scenario.ts";
import type { Run } from "./post-scenario.ts";

/** State of a run so far. */
export interface History {
  /** The newest released model. */
  readonly model: Weights;
  /** Number of the round that released it; 0 for the initial model. */
  readonly releasedIn: number;
  /** Public data of the settled rounds. */
  readonly past: readonly PastRound[];
  readonly records: readonly RoundRecord[];
  readonly slashes: readonly Slash[];
  /** Indices of the trainers that sealed an update but did not disclose it. */
  readonly forfeited: ReadonlySet<number>;
  /** Confirmed score, in basis points. */
  readonly best: number;
  /** Returned to the initiator, in the token's smallest unit. */
  readonly refunded: bigint;
}

export function emptyHistory(model: Weights): History {
  return { model, releasedIn: 0, past: [], records: [], slashes: [], forfeited: new Set(), best: 0, refunded: 0n };
}

/** Adds the effects of events: slashes, confirmed progress, the refund. */
export function withEvents(
  history: History,
  events: readonly ChainEvent[],
  { validators, round }: Pick<Run, "validators"> & { readonly round: number },
): History {
  return events.reduce((before, { name, args }): History => {
    switch (name) {
      case "Slashed": {
        const validator = validators.findIndex(({ account }) => account.address === args["validator"]);
        return { ...before, slashes: [...before.slashes, { validator, amount: args["amount"] as bigint, round }] };
      }
      case "ProgressConfirmed":
        return { ...before, best: Number(args["best"]) };
      case "JobClosed":
        return { ...before, refunded: before.refunded + (args["refunded"] as bigint) };
      default:
        return before;
    }
  }, history);
}
