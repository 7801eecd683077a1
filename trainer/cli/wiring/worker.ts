import type { Logger } from "pino";

import { holdoutSecrets, type HoldoutSecrets } from "@commonweight/sdk/protocol/holdout-keys";
import { saltOf } from "@commonweight/sdk/protocol/salts";
import type { WorkerModules } from "../../roles/worker/modules.ts";
import type { CommonOptions } from "../options/options.ts";
import { withExchange, type Exchange } from "./content.ts";
import { workerLog } from "./logs.ts";
import { withSession, type Session } from "./session.ts";

/** A session that exchanges content with other workers. */
export interface WorkerSession extends Session {
  readonly modules: WorkerModules;
  /** Secrets of the sealed holdouts of jobs that the account posted. */
  readonly holdoutSecrets: HoldoutSecrets;
}

/** Opens a session with content, runs `use` with it and closes everything. */
export async function withWorker<Result>(
  options: CommonOptions,
  use: (session: WorkerSession) => Promise<Result>,
  log: Logger = workerLog(options),
): Promise<Result> {
  const useSession = (session: Session) =>
    withExchange({ parent: session.folder, log }, options, async (exchange) => {
      log.info({ addresses: exchange.network.addresses() }, "content store is open");
      const modules = modulesOf(session, exchange);
      return use({ ...session, modules, holdoutSecrets: holdoutSecrets(session.wallet.privateKey) });
    });
  return withSession(options, useSession, log);
}

function modulesOf({ chain, contracts, journal, log, wallet, deployment }: Session, exchange: Exchange): WorkerModules {
  const saltFor: WorkerModules["saltFor"] = (purpose) =>
    saltOf(wallet.privateKey, {
      ...purpose,
      chainId: deployment.chainId,
      contract: purpose.role === "trainer" ? deployment.rounds : deployment.panel,
    });
  return { chain, contracts, journal, log, saltFor, ...exchange };
}
