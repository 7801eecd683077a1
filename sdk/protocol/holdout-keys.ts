import { AbiCoder, computeHmac } from "ethers";

import { merkleTree, type MerkleTree } from "./merkle-tree.ts";

const SEAL_DOMAIN = "Commonweight holdout seal, version 1";
const KEY_DOMAIN = "Commonweight holdout key, version 1";

/** Functions of the initiator's private key that seal a holdout and open it again. */
export interface HoldoutSecrets {
  /** Returns the public name of a sealed holdout; see `holdoutSeal`. */
  readonly sealFor: (digest: string) => string;
  /** Returns the key of each shard; see `holdoutKeys`. */
  readonly keysFor: (seal: string, shards: number) => readonly string[];
}

/**
 * Returns the public name of a sealed holdout, from which its shards' keys are derived: an HMAC-SHA256 of the digest
 * under the account's private key. It is deterministic and reveals nothing about the samples.
 *
 * @param privateKey 32 bytes, `0x` and 64 hexadecimal digits
 * @param digest of all sealed samples: 32 bytes, hexadecimal
 */
export function holdoutSeal(privateKey: string, digest: string): string {
  return hmac(privateKey, ["string", "bytes32"], [SEAL_DOMAIN, digest]);
}

/**
 * Derives the keys of a sealed holdout's shards from the account's private key, with HMAC-SHA256 as a pseudo-random
 * function: an initiator that lost its disk can still open them. A published key reveals nothing about the others.
 */
export function holdoutKeys(privateKey: string, seal: string, shards: number): readonly string[] {
  return Array.from({ length: shards }, (_, shard) =>
    hmac(privateKey, ["string", "bytes32", "uint256"], [KEY_DOMAIN, seal, shard]),
  );
}

/** Builds the Merkle tree over the shards' keys; its root is a job parameter (`JobBook.openShard`). */
export function holdoutTree(keys: readonly string[]): MerkleTree {
  return merkleTree(keys.map((key, shard) => AbiCoder.defaultAbiCoder().encode(["uint256", "bytes32"], [shard, key])));
}

/** Binds `holdoutSeal` and `holdoutKeys` to a private key. */
export function holdoutSecrets(privateKey: string): HoldoutSecrets {
  return {
    sealFor: (digest) => holdoutSeal(privateKey, digest),
    keysFor: (seal, shards) => holdoutKeys(privateKey, seal, shards),
  };
}

function hmac(privateKey: string, types: readonly string[], values: readonly unknown[]): string {
  return computeHmac("sha256", privateKey, AbiCoder.defaultAbiCoder().encode(types, values));
}
