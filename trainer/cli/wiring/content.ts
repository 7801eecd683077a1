import { mkdir } from "node:fs/promises";
import { join } from "node:path";

import type { ContentStore } from "../../content/port.ts";
import { openJournal } from "../../journal/sqlite.ts";
import type { Log } from "../../log.ts";
import type { Swarm } from "../../network/port.ts";
import type { CommonOptions } from "../options/options.ts";
import { accountOf } from "./keys.ts";
import { commandLog } from "./logs.ts";

/** A content store and the network that it exchanges content over. */
export interface Exchange {
  readonly content: ContentStore;
  readonly network: Swarm;
}

/** Where an exchange keeps its files, and where it logs. */
export interface ExchangePlace {
  /** The folder of an account, or of readers. */
  readonly parent: string;
  readonly log: Log;
}

/**
 * Opens the content store of the account whose key is given, or of readers without a key, runs `use` and closes it.
 *
 * @throws JOURNAL_LOCKED another process uses it
 */
export async function withContent<Result>(
  options: CommonOptions,
  use: (exchange: Exchange) => Promise<Result>,
): Promise<Result> {
  const account = await accountOf(options);
  if (account === undefined) return withReaderContent(options, use);
  return withExchange({ parent: join(options.dataDir, account.toLowerCase()), log: commandLog() }, options, use);
}

/** Opens a content store of no account: beside a worker of the same account, or without a key. */
export async function withReaderContent<Result>(
  options: CommonOptions,
  use: (exchange: Exchange) => Promise<Result>,
): Promise<Result> {
  return withExchange({ parent: join(options.dataDir, "reader"), log: commandLog() }, options, use);
}

/** Opens one libp2p node and the content store over it, runs `use` and closes both. */
export async function withExchange<Result>(
  { parent, log }: ExchangePlace,
  { bootstrap, listen, fetchTimeout: fetchTimeoutMs }: CommonOptions,
  use: (exchange: Exchange) => Promise<Result>,
): Promise<Result> {
  const folder = join(parent, "content");
  await mkdir(folder, { recursive: true, mode: 0o700 });
  // One process at a time, whatever chain it works on.
  const lock = openJournal(join(folder, "lock.sqlite"));
  try {
    // Loaded here: commands that exchange no content start in half the time.
    const [{ createSwarm }, { openHelia }] = await Promise.all([
      import("../../network/libp2p.ts"),
      import("../../content/helia.ts"),
    ]);
    const network = await createSwarm({ folder, bootstrap, ...(listen === undefined ? {} : { listen }) }, log);
    try {
      const content = await openHelia({ folder, fetchTimeoutMs }, { network, log });
      try {
        await network.start();
        return await use({ content, network });
      } finally {
        await content.close();
      }
    } finally {
      await network.close();
    }
  } finally {
    lock.close();
  }
}
