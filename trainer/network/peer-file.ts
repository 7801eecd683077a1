import { readFile } from "node:fs/promises";

import { peerIdFromString } from "@libp2p/peer-id";
import { multiaddr } from "@multiformats/multiaddr";
import { z } from "zod";

import type { Log } from "../log.ts";
import { ignoreMissing, writeDurably } from "../journal/durable-file.ts";
import type { PeerBook } from "./peer-book.ts";
import { isPlausibleAddress } from "./plausible-address.ts";

const schema = z.array(z.tuple([z.string().max(100), z.array(z.string().max(200)).max(8)])).max(1_000);

/**
 * Adds the peers of the last run to the book, so that a bootstrap node with a changed address finds them again. A file
 * that does not parse only costs time: it is logged and ignored.
 */
export async function readPeers(path: string, book: PeerBook, log: Log): Promise<void> {
  const text = await readFile(path, "utf8").catch(ignoreMissing);
  if (text === undefined) return;
  try {
    for (const [peer, addresses] of schema.parse(JSON.parse(text))) notePeer(book, peer, addresses);
  } catch (error) {
    log.warn({ path, error }, "the file of known peers does not parse; continuing without it");
  }
}

/** Writes the announced addresses of the book. */
export async function writePeers(path: string, book: PeerBook): Promise<void> {
  await writeDurably(path, Buffer.from(JSON.stringify(book.announced())));
}

function notePeer(book: PeerBook, peer: string, addresses: readonly string[]): void {
  const peerId = peerIdFromString(peer);
  const plausible = addresses.map((address) => multiaddr(address)).filter((a) => isPlausibleAddress(a, peerId));
  if (plausible.length > 0) book.announce(peer, plausible);
}
