import type { Contracts } from "@commonweight/sdk/chain/contracts";
import type { Chain } from "../../chain/port.ts";
import type { ContentStore } from "../../content/port.ts";
import type { Journal } from "../../journal/port.ts";

/** Where a worker tells what it does: a constant message and a context object, never a secret. */
export interface WorkerLog {
  debug(context: object, message: string): void;
  info(context: object, message: string): void;
  warn(context: object, message: string): void;
}

/** What a value is sealed for; together with the key it gives the salt (`sdk/protocol/salts.ts`). */
export interface SaltPurpose {
  readonly role: "trainer" | "validator";
  readonly jobId: bigint;
  readonly round: number;
  readonly attempt: number;
}

/** What every worker stands on, chosen in `cli/wiring.ts`. */
export interface WorkerModules {
  readonly chain: Chain;
  /** Connected with `chain.runner`. */
  readonly contracts: Contracts;
  readonly content: ContentStore;
  readonly journal: Journal;
  readonly log: WorkerLog;
  /** Derived from the account's key, so that a lost disk still reveals. */
  readonly saltFor: (purpose: SaltPurpose) => string;
}

/** How patient a worker is, in milliseconds. */
export interface WorkerTimes {
  /** For one file from other workers. */
  readonly fetchTimeoutMs: number;
}
