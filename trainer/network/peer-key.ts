import { readFile } from "node:fs/promises";

import { generateKeyPair, privateKeyFromProtobuf, privateKeyToProtobuf } from "@libp2p/crypto/keys";
import type { PrivateKey } from "@libp2p/interface";

import { CommonweightError } from "@commonweight/sdk/errors";
import { ignoreMissing, writeDurably } from "../journal/durable-file.ts";

/**
 * Loads the private key of this node's peer id; on first use it is generated (Ed25519) and written with mode 0600.
 *
 * @throws CONTENT_KEY_CORRUPT the file is not a key
 */
export async function loadPeerKey(path: string): Promise<PrivateKey> {
  const stored = await readFile(path).catch(ignoreMissing);
  if (stored !== undefined) return parseKey(path, stored);
  const key = await generateKeyPair("Ed25519");
  await writeDurably(path, privateKeyToProtobuf(key));
  return key;
}

function parseKey(path: string, stored: Uint8Array): PrivateKey {
  try {
    return privateKeyFromProtobuf(stored);
  } catch (cause) {
    throw new CommonweightError(
      "CONTENT_KEY_CORRUPT",
      `${path} is not a peer key`,
      "Delete the file: the node then gets a new peer id, and bootstrap addresses with the old one must be changed.",
      { cause },
    );
  }
}
