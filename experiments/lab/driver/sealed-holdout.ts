import { ZeroHash, id } from "ethers";

import { holdoutTree } from "@commonweight/sdk/protocol/holdout-keys";
import type { MerkleTree } from "@commonweight/sdk/protocol/merkle-tree";
import type { DrivenTerms, JobDriver } from "./job-driver.ts";

/** A shard's key and its Merkle proof. */
export interface ShardOpening {
  readonly key: string;
  readonly proof: string[];
}

/** The keys of a job's sealed shards, one more than its rounds, and their Merkle tree. */
export class SealedHoldout {
  readonly #keys: readonly string[];
  readonly #tree: MerkleTree;

  constructor(rounds: number) {
    this.#keys = Array.from({ length: rounds + 1 }, (_, shard) => id(`shard ${shard}`));
    this.#tree = holdoutTree(this.#keys);
  }

  get rounds(): number {
    return this.#keys.length - 1;
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

  /** Opens the public shard as the initiator. */
  async openPublic<Sent>(job: JobDriver<DrivenTerms, Sent>): Promise<Sent> {
    const { key, proof } = this.opening(await job.calls.shard(0));
    return job.openHoldout(key, proof);
  }

  /** Opens the running round's shard as the initiator. */
  async open<Sent>(job: JobDriver<DrivenTerms, Sent>): Promise<Sent> {
    const { key, proof } = await this.dueIn(job);
    return job.openHoldout(key, proof);
  }
}
