import { AbiCoder, computeHmac } from "ethers";

import { merkleTree, type MerkleTree } from "./merkle-tree.ts";

const SEAL_DOMAIN = "Commonweight holdout seal, version 1";
const KEY_DOMAIN = "Commonweight holdout key, version 1";

/** What an initiator needs of its account's key to seal a holdout and to open it again. */
export interface HoldoutSecrets {
  /** Gives the public name of a sealed holdout; see `holdoutSeal`. */
  readonly sealFor: (digest: string) => string;
  /** Gives the key of each shard; see `holdoutKeys`. */
  readonly keysFor: (seal: string, shards: number) => readonly string[];
}

/**
 * Gives the public name under which a holdout's keys are derived. It says nothing of the samples, for it takes the
 * account's key to compute, and the same samples give the same one.
 *
 * @param privateKey 32 bytes, `0x` and 64 hexadecimal digits
 * @param digest of all that is sealed: 32 bytes, hexadecimal
 */
export function holdoutSeal(privateKey: string, digest: string): string {
  return hmac(privateKey, ["string", "bytes32"], [SEAL_DOMAIN, digest]);
}

/**
 * Derives the keys of a sealed holdout's shards from the account's own key, so that an initiator with a new disk can
 * still open them: HMAC-SHA256 as a pseudo-random function. One that is published tells nothing of the others.
 */
export function holdoutKeys(privateKey: string, seal: string, shards: number): readonly string[] {
  return Array.from({ length: shards }, (_, shard) =>
    hmac(privateKey, ["string", "bytes32", "uint256"], [KEY_DOMAIN, seal, shard]),
  );
}

/** Builds the tree over the shards' keys whose root a job is posted with (`JobBook.openShard`). */
export function holdoutTree(keys: readonly string[]): MerkleTree {
  return merkleTree(keys.map((key, shard) => AbiCoder.defaultAbiCoder().encode(["uint256", "bytes32"], [shard, key])));
}

/** The account's secrets, without its key. */
export function holdoutSecrets(privateKey: string): HoldoutSecrets {
  return {
    sealFor: (digest) => holdoutSeal(privateKey, digest),
    keysFor: (seal, shards) => holdoutKeys(privateKey, seal, shards),
  };
}

function hmac(privateKey: string, types: readonly string[], values: readonly unknown[]): string {
  return computeHmac("sha256", privateKey, AbiCoder.defaultAbiCoder().encode(types, values));
}
