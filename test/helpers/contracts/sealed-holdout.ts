import { AbiCoder, ZeroHash, id } from "ethers";

import { type MerkleTree, merkleTree } from "@commonweight/sdk/protocol/merkle-tree";
import type { JobDriver } from "./job-driver.ts";
import { HOLDOUT, type JobTerms } from "./job-params.ts";

/** First number of a score vector that judges a sealed holdout. */
export const READABLE = 1;
export const UNREADABLE = 0;

/** The keys of a job's sealed shards, one a round, and the tree over them. */
export class SealedHoldout {
  readonly #keys: readonly string[];
  readonly #tree: MerkleTree;

  constructor(rounds: number) {
    this.#keys = Array.from({ length: rounds }, (_, shard) => id(`key of shard ${shard}`));
    const leaves = this.#keys.map((key, shard) =>
      AbiCoder.defaultAbiCoder().encode(["uint256", "bytes32"], [shard, key]),
    );
    this.#tree = merkleTree(leaves);
  }

  /** What a job with this holdout is posted with. */
  terms(initiatorBond: bigint): Partial<JobTerms> {
    return { holdout: HOLDOUT.sealed, initiatorBond, holdoutRoot: this.#tree.root, rounds: this.#keys.length };
  }

  /** Returns a shard's key and its proof. */
  opening(shard: number): { key: string; proof: string[] } {
    return { key: this.#keys[shard] ?? ZeroHash, proof: [...this.#tree.proofOf(shard)] };
  }

  /** Returns the key and proof of the shard that the running round uses. */
  async dueIn(job: JobDriver): Promise<{ key: string; proof: string[] }> {
    return this.opening(Number(await job.world.book.shardOf(job.id, await job.round())));
  }

  /** Opens the running round's shard in the initiator's name. */
  async open(job: JobDriver) {
    const { key, proof } = await this.dueIn(job);
    return job.world.rounds.connect(job.world.initiator).openHoldout(job.id, key, proof);
  }
}
