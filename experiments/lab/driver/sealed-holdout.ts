import { ZeroHash, id } from "ethers";

import { holdoutTree } from "@commonweight/sdk/protocol/holdout-keys";
import type { MerkleTree } from "@commonweight/sdk/protocol/merkle-tree";
import type { DrivenTerms, JobDriver } from "./job-driver.ts";

/** A shard's key and its Merkle proof. */
export interface ShardOpening {
  readonly key: string;
  readonly proof: string[];
}

/** The keys of a job's sealed shards, one per round, and their Merkle tree. */
export class SealedHoldout {
  readonly #keys: readonly string[];
  readonly #tree: MerkleTree;

  constructor(shards: number) {
    this.#keys = Array.from({ length: shards }, (_, shard) => id(`shard ${shard}`));
    this.#tree = holdoutTree(this.#keys);
  }

  get shards(): number {
    return this.#keys.length;
  }

  /** Merkle root: the job parameter `holdoutRoot`. */
  get root(): string {
    return this.#tree.root;
  }

  /** Returns a shard's key and its proof. */
  opening(shard: number): ShardOpening {
    return { key: this.#keys[shard] ?? ZeroHash, proof: [...this.#tree.proofOf(shard)] };
  }

  /** Returns the key and proof of the shard that the running round uses. */
  async dueIn<Sent>(job: JobDriver<DrivenTerms, Sent>): Promise<ShardOpening> {
    return this.opening(await job.calls.shard(await job.round()));
  }

  /** Opens the running round's shard as the initiator. */
  async open<Sent>(job: JobDriver<DrivenTerms, Sent>): Promise<Sent> {
    const { key, proof } = await this.dueIn(job);
    return job.openHoldout(key, proof);
  }
}
