import type { Call, Outcome } from "../../chain/port.ts";

type Refused = Extract<Outcome, { readonly kind: "refused" }>;

/** Until when a contract refuses the same call for the same reason. */
export type RefusedUntil = "block" | "round" | "job";

/** Reasons that stay until the next round: nothing in the running one takes them away. */
const UNTIL_ROUND: ReadonlySet<string> = new Set([
  "TrainingRounds_RoundFull",
  "TrainingRounds_QuotaUsed",
  "TrainingRounds_Leaving",
]);

/** Reasons that stay as long as the job. */
const UNTIL_JOB: ReadonlySet<string> = new Set([
  "TrainingRounds_NotInvited",
  "TrainingRounds_RoleTaken",
  "Committees_RoleTaken",
  "Committees_JobNotOpen",
  "JobLifecycle_NotInitiator",
  "JobLifecycle_NoMoreRounds",
  "Ledger_NoToken",
  "Ledger_InexactTransfer",
]);

/**
 * Decides until when a refusal lasts. All other reasons may pass with the next block: an endpoint that lags behind
 * refuses what the chain accepts, and a reveal that is not tried again costs a bond.
 */
export function refusedUntil(error: string): RefusedUntil {
  if (UNTIL_JOB.has(error)) return "job";
  return UNTIL_ROUND.has(error) ? "round" : "block";
}

/**
 * The refusals of one job's calls. A call is not sent while its refusal lasts, and each refusal is told once a round.
 */
export class Refusals {
  readonly #standing = new Map<string, Refused>();
  #round = 0;

  /** Takes note of the running or last round. */
  see(round: number): void {
    if (round === this.#round) return;
    this.#round = round;
    for (const [key, { error }] of this.#standing) if (refusedUntil(error) !== "job") this.#standing.delete(key);
  }

  /** The refusal that would meet this call again; `undefined` if it may be sent. */
  standing(call: Call): Refused | undefined {
    const refused = this.#standing.get(keyOf(call));
    return refused === undefined || refusedUntil(refused.error) === "block" ? undefined : refused;
  }

  /** Keeps a refusal; returns whether it is a new one. */
  note(call: Call, refused: Refused): boolean {
    const key = keyOf(call);
    const isNew = this.#standing.get(key)?.error !== refused.error;
    this.#standing.set(key, refused);
    return isNew;
  }
}

/** The call without what differs with every attempt: a permit's signature, an attestation's bytes. */
function keyOf({ label, to }: Call): string {
  return `${label}/${to}`;
}
