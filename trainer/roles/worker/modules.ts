import type { Contracts } from "@commonweight/sdk/chain/contracts";
import type { Chain } from "../../chain/port.ts";
import type { ContentStore } from "../../content/port.ts";
import type { Journal } from "../../journal/port.ts";
import type { Log } from "../../log.ts";
import type { Swarm } from "../../network/port.ts";
import type { Refusals } from "./refusals.ts";

/** Context of a commitment; with the account's key it determines the salt (`sdk/protocol/salts.ts`). */
export interface SaltPurpose {
  readonly role: "trainer" | "validator";
  readonly jobId: bigint;
  readonly round: number;
  readonly attempt: number;
}

/** Modules of every worker, created in `cli/wiring/`. */
export interface WorkerModules {
  readonly chain: Chain;
  /** Connected with `chain.runner`. */
  readonly contracts: Contracts;
  readonly content: ContentStore;
  readonly network: Swarm;
  readonly journal: Journal;
  /** Never gets a secret. */
  readonly log: Log;
  /** What the contracts refused of one job; each role makes its own. */
  readonly refusals?: Refusals;
  /** Salts derive from the account's key, so that a worker can reveal after losing its disk. */
  readonly saltFor: (purpose: SaltPurpose) => string;
}
