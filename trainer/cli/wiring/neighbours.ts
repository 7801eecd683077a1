import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";

import { z } from "zod";

import { ignoreMissing, writeDurably } from "../../journal/durable-file.ts";
import type { Log } from "../../log.ts";

const FILE = "addresses.json";
/** Most stores of one data folder that are asked, and most addresses of each. */
const MOST_STORES = 16;

const addressFile = z
  .array(
    z
      .string()
      .max(200)
      .regex(/^\/.+\/p2p\/\w+$/),
  )
  .max(8);

/** Records the addresses of a running node in its store's folder, for other commands on this machine. */
export async function noteAddresses(folder: string, addresses: readonly string[]): Promise<void> {
  await writeDurably(join(folder, FILE), Buffer.from(JSON.stringify(addresses.slice(0, 8))));
}

/**
 * Returns the addresses of nodes that run, or ran last, in the same data folder: a command beside a running worker
 * fetches from it without `--bootstrap`.
 *
 * @param own name of the asking store's folder, which has its own last address
 */
export async function neighbourAddresses(dataDir: string, log: Log, own?: string): Promise<readonly string[]> {
  const names = ((await readdir(dataDir).catch(ignoreMissing)) ?? []).filter((name) => name !== own);
  const known: string[] = [];
  for (const name of names.toSorted().slice(0, MOST_STORES)) {
    known.push(...(await addressesIn(join(dataDir, name, "content", FILE), log)));
  }
  return known;
}

async function addressesIn(path: string, log: Log): Promise<readonly string[]> {
  const text = await readFile(path, "utf8").catch(missingFolder);
  if (text === undefined) return [];
  try {
    return addressFile.parse(JSON.parse(text));
  } catch (error) {
    log.warn({ path, error }, "a file of addresses does not parse; continuing without it");
    return [];
  }
}

/** Like `ignoreMissing`; other files may lie in the data folder as well. */
function missingFolder(error: unknown): undefined {
  if (error instanceof Error && "code" in error && error.code === "ENOTDIR") return undefined;
  return ignoreMissing(error);
}
