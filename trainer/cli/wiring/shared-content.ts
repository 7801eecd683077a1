import { join } from "node:path";

import { CommonweightError } from "@commonweight/sdk/errors";
import type { Log } from "../../log.ts";
import type { CommonOptions } from "../options/options.ts";
import { withContent, withExchange, type Exchange } from "./content.ts";
import { accountOf } from "./keys.ts";
import { neighbourAddresses } from "./neighbours.ts";

/** Most processes of one data folder that read without a store of their own. */
const MOST_STORES = 8;

/**
 * Opens the first free one of the stores `NAME`, `NAME-2` and so on, so that several commands can run at once. It also
 * asks the running workers of this data folder.
 *
 * @throws JOURNAL_LOCKED all of them are in use
 */
export async function withFreeStore<Result>(
  place: { readonly name: string; readonly log: Log },
  options: CommonOptions,
  use: (exchange: Exchange) => Promise<Result>,
): Promise<Result> {
  const { name, log } = place;
  for (let number = 1; ; number++) {
    let isOpen = false;
    const own = number === 1 ? name : `${name}-${number}`;
    const parent = join(options.dataDir, own);
    const bootstrap = [...options.bootstrap, ...(await neighbourAddresses(options.dataDir, log, own))];
    const useOpen = (exchange: Exchange) => {
      isOpen = true;
      return use(exchange);
    };
    try {
      return await withExchange({ parent, log }, { ...options, bootstrap }, useOpen);
    } catch (error) {
      if (isOpen || number === MOST_STORES || !isLocked(error)) throw error;
    }
  }
}

/** Opens a readers' store, which no worker needs. */
export function withReaderStore<Result>(
  log: Log,
  options: CommonOptions,
  use: (exchange: Exchange) => Promise<Result>,
): Promise<Result> {
  return withFreeStore({ name: "reader", log }, options, use);
}

/** Opens the account's content store, which may have the wanted bytes; without a key, or if locked, a readers'. */
export async function withOwnOrFreeStore<Result>(
  log: Log,
  options: CommonOptions,
  use: (exchange: Exchange) => Promise<Result>,
): Promise<Result> {
  if ((await accountOf(options)) === undefined) return withReaderStore(log, options, use);
  let isOpen = false;
  const useOpen = (exchange: Exchange) => {
    isOpen = true;
    return use(exchange);
  };
  try {
    return await withContent(options, useOpen);
  } catch (error) {
    if (isOpen || !isLocked(error)) throw error;
    return withReaderStore(log, options, use);
  }
}

function isLocked(error: unknown): boolean {
  return error instanceof CommonweightError && error.code === "JOURNAL_LOCKED";
}
