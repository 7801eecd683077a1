import { createCipheriv, createDecipheriv } from "node:crypto";

import { CommonweightError } from "@commonweight/sdk/errors";

const CIPHER = "aes-256-gcm";
/** Bytes of the authentication tag after the ciphertext (NIST SP 800-38D). */
export const SEAL_BYTES = 16;
/** Every key encrypts only one shard, so the fixed nonce is never reused with a key. */
const NONCE = new Uint8Array(12);

/**
 * Encrypts a shard of a sealed holdout with AES-256-GCM: the ciphertext, then its tag. The same bytes and key give the
 * same content id.
 *
 * @param key 32 bytes, `0x` and 64 hexadecimal digits; only for this shard
 */
export function sealShard(bytes: Uint8Array, key: string): Uint8Array {
  const cipher = createCipheriv(CIPHER, keyBytes(key), NONCE);
  return Buffer.concat([cipher.update(bytes), cipher.final(), cipher.getAuthTag()]);
}

/**
 * Decrypts a shard that `sealShard` encrypted.
 *
 * @throws DATASET_SHARD_SEALED wrong key, or the bytes were changed
 */
export function openShard(bytes: Uint8Array, key: string): Uint8Array {
  const end = Math.max(bytes.length - SEAL_BYTES, 0);
  try {
    const decipher = createDecipheriv(CIPHER, keyBytes(key), NONCE).setAuthTag(bytes.subarray(end));
    return Buffer.concat([decipher.update(bytes.subarray(0, end)), decipher.final()]);
  } catch (cause) {
    throw new CommonweightError(
      "DATASET_SHARD_SEALED",
      "the published key does not decrypt the shard",
      "The initiator published a bad shard or key; the round is scored on the public set, and the job ends after it.",
      { cause },
    );
  }
}

function keyBytes(key: string): Buffer {
  return Buffer.from(key.slice(2), "hex");
}
