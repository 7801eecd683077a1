import { basename, join } from "node:path";

import { makeFolder, PRIVATE_FOLDER } from "../../make-folder.ts";
import type { ContentStore } from "../../content/port.ts";
import { openJournal } from "../../journal/sqlite.ts";
import type { Log } from "../../log.ts";
import type { Swarm } from "../../network/port.ts";
import type { CommonOptions } from "../options/options.ts";
import { accountOf } from "./keys.ts";
import { commandLog } from "./logs.ts";
import { noteAddresses } from "./neighbours.ts";

/** A content store and its network. */
export interface Exchange {
  readonly content: ContentStore;
  readonly network: Swarm;
}

/** An exchange's folder and log. */
export interface ExchangePlace {
  /** An account's folder, or the folder shared by readers without an account. */
  readonly parent: string;
  readonly log: Log;
}

interface ExchangeFolder extends ExchangePlace {
  readonly folder: string;
}

/**
 * Opens the account's content store, or without a key the readers' store, runs `use` and closes it.
 *
 * @throws JOURNAL_LOCKED another process uses it
 */
export async function withContent<Result>(
  options: CommonOptions,
  use: (exchange: Exchange) => Promise<Result>,
): Promise<Result> {
  const account = await accountOf(options);
  if (account === undefined) return withReaderContent(options, use);
  return withExchange({ parent: join(options.dataDir, account.toLowerCase()), log: commandLog(options) }, options, use);
}

/** Opens the readers' content store, for use without a key. */
async function withReaderContent<Result>(
  options: CommonOptions,
  use: (exchange: Exchange) => Promise<Result>,
): Promise<Result> {
  return withExchange({ parent: join(options.dataDir, "reader"), log: commandLog(options) }, options, use);
}

/** Opens a network and the content store over it, of the embedded node or of a Kubo daemon; closes both after `use`. */
export async function withExchange<Result>(
  place: ExchangePlace,
  options: CommonOptions,
  use: (exchange: Exchange) => Promise<Result>,
): Promise<Result> {
  const folder = join(place.parent, "content");
  makeFolder(folder, PRIVATE_FOLDER);
  // The lock admits one process at a time, on any chain.
  const lock = openJournal(join(folder, "lock.sqlite"));
  try {
    const { kubo } = options;
    return await (kubo === undefined
      ? withHelia({ ...place, folder }, options, use)
      : withKubo(kubo, { ...place, folder }, options, use));
  } finally {
    lock.close();
  }
}

async function withHelia<Result>(
  { folder, log }: ExchangeFolder,
  { bootstrap, listen, fetchTimeout: fetchTimeoutMs }: CommonOptions,
  use: (exchange: Exchange) => Promise<Result>,
): Promise<Result> {
  // Loaded lazily: commands without content start in half the time.
  const [{ createSwarm }, { openHelia }] = await Promise.all([
    import("../../network/libp2p.ts"),
    import("../../content/helia.ts"),
  ]);
  const network = await createSwarm({ folder, bootstrap, ...(listen === undefined ? {} : { listen }) }, log);
  const parts = {
    network,
    open: () => openHelia({ folder, fetchTimeoutMs }, { network, log }),
    start: () => network.start(),
  };
  return withParts(folder, parts, use);
}

async function withKubo<Result>(
  url: string,
  { parent, folder, log }: ExchangeFolder,
  { bootstrap, fetchTimeout: fetchTimeoutMs }: CommonOptions,
  use: (exchange: Exchange) => Promise<Result>,
): Promise<Result> {
  const [{ openKuboSwarm }, { openKubo }] = await Promise.all([
    import("../../network/kubo.ts"),
    import("../../content/kubo.ts"),
  ]);
  const network = await openKuboSwarm({ url, folder, bootstrap }, log);
  const open = () => openKubo({ owner: basename(parent), fetchTimeoutMs }, { rpc: network.rpc, log });
  return withParts(folder, { network, open }, use);
}

interface ExchangeParts {
  readonly network: Swarm;
  readonly open: () => ContentStore | Promise<ContentStore>;
  /** Begins to listen, once the store has registered its protocols; not for a daemon, which listens already. */
  readonly start?: () => Promise<void>;
}

async function withParts<Result>(
  folder: string,
  { network, open, start }: ExchangeParts,
  use: (exchange: Exchange) => Promise<Result>,
): Promise<Result> {
  try {
    const content = await open();
    try {
      await start?.();
      await noteAddresses(folder, network.addresses());
      return await use({ content, network });
    } finally {
      await content.close();
    }
  } finally {
    await network.close();
  }
}
