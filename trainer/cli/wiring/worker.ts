import type { Logger } from "pino";

import { holdoutSecrets, type HoldoutSecrets } from "@commonweight/sdk/protocol/holdout-keys";
import { saltOf } from "@commonweight/sdk/protocol/salts";
import { senderPlace } from "../../chain/sender-place.ts";
import { serveSender } from "../../chain/sender-socket.ts";
import type { WorkerModules } from "../../roles/worker/modules.ts";
import type { CommonOptions } from "../options/options.ts";
import { withExchange, type Exchange } from "./content.ts";
import type { Log } from "../../log.ts";
import { workerLog } from "./logs.ts";
import { withSession, type Session } from "./session.ts";

/** A session that exchanges content with other workers. */
export interface WorkerSession extends Session {
  readonly modules: WorkerModules;
  /** Secrets of the sealed holdouts of jobs that the account posted. */
  readonly holdoutSecrets: HoldoutSecrets;
}

/** Warns a trainer or a validator that was given nobody to meet the others by. */
export function warnIfAlone({ bootstrap }: CommonOptions, log: Log): void {
  if (bootstrap.length > 0) return;
  const next =
    "Pass --bootstrap ADDRESS, as `commonweight job post` and every worker print it; repeat it for several workers.";
  log.warn(
    { code: "NETWORK_NO_BOOTSTRAP", next },
    "no bootstrap address: only workers that it met before can be found",
  );
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
      const close = await serveSender(session.chain, senderPlace(session.folder, session.chain.chainId), log);
      try {
        return await use({ ...session, modules, holdoutSecrets: holdoutSecrets(session.wallet.privateKey) });
      } finally {
        await close();
      }
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
