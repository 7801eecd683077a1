import type { Contracts } from "@commonweight/sdk/chain/contracts";
import type { Chain } from "../../chain/port.ts";
import type { ContentStore } from "../../content/port.ts";
import type { Journal } from "../../journal/port.ts";
import type { Log } from "../../log.ts";
import type { Swarm } from "../../network/port.ts";

/** What a value is sealed for; together with the key it gives the salt (`sdk/protocol/salts.ts`). */
export interface SaltPurpose {
  readonly role: "trainer" | "validator";
  readonly jobId: bigint;
  readonly round: number;
  readonly attempt: number;
}

/** What every worker stands on, chosen in `cli/wiring/`. */
export interface WorkerModules {
  readonly chain: Chain;
  /** Connected with `chain.runner`. */
  readonly contracts: Contracts;
  readonly content: ContentStore;
  readonly network: Swarm;
  readonly journal: Journal;
  /** Never gets a secret. */
  readonly log: Log;
  /** Derived from the account's key, so that a lost disk still reveals. */
  readonly saltFor: (purpose: SaltPurpose) => string;
}
