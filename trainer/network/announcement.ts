import type { PeerId } from "@libp2p/interface";
import { multiaddr } from "@multiformats/multiaddr";
import type { Multiaddr } from "@multiformats/multiaddr";
import { z } from "zod";

import { isPlausibleAddress } from "./plausible-address.ts";

/** Largest announcement in bytes; larger ones are not parsed. */
export const MAX_ANNOUNCEMENT_BYTES = 2_048;

const schema = z.strictObject({
  v: z.literal(1),
  addresses: z.array(z.string().max(200)).min(1).max(8),
});

/** Encodes a worker's announcement of its addresses to the other workers of a job. */
export function encodeAnnouncement(addresses: readonly string[]): Uint8Array {
  return Buffer.from(JSON.stringify({ v: 1, addresses: addresses.slice(0, 8) }));
}

/**
 * Parses an untrusted announcement.
 *
 * @param from the signer; every address must end in this peer id
 * @returns the addresses; `undefined` if the announcement is invalid
 */
export function parseAnnouncement(data: Uint8Array, from: PeerId): readonly Multiaddr[] | undefined {
  const announcement = schema.safeParse(parseJson(data)).data;
  const addresses = announcement?.addresses.map((address) => parseAddress(address, from));
  return addresses?.every((address) => address !== undefined) ? addresses : undefined;
}

function parseJson(data: Uint8Array): unknown {
  if (data.length > MAX_ANNOUNCEMENT_BYTES) return undefined;
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(data));
  } catch {
    return undefined; // Untrusted input: the schema refuses `undefined`.
  }
}

function parseAddress(text: string, from: PeerId): Multiaddr | undefined {
  try {
    const address = multiaddr(text);
    return isPlausibleAddress(address, from) ? address : undefined;
  } catch {
    return undefined; // As above.
  }
}
