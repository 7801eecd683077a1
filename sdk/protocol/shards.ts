import { AbiCoder, keccak256 } from "ethers";

/** Where a shard is drawn. */
export interface ShardPlace {
  /** What the round's trainers disclosed (`TrainingRounds.entropyOf`); for the public shard the hash of a block. */
  readonly entropy: string;
  readonly jobId: bigint;
  /** Round number, from 1; 0 for the public shard. */
  readonly round: number;
}

/**
 * Returns the shard of a sealed holdout that is drawn for a round: one of those that are left, each as likely as the
 * others (Fisher and Yates). Mirror of `JobBook.shardOf`.
 *
 * @param opened shards opened so far, in their order
 * @param shards number of shards: one more than rounds
 * @throws RangeError if none is left
 */
export function drawnShard({ entropy, jobId, round }: ShardPlace, opened: readonly number[], shards: number): number {
  const order = Array.from({ length: shards }, (_, shard) => shard);
  for (const [place, shard] of opened.entries()) {
    const found = order.indexOf(shard);
    [order[place], order[found]] = [shard, order[place] ?? shard];
  }
  const types = ["string", "bytes32", "uint256", "uint256"];
  const seed = BigInt(keccak256(AbiCoder.defaultAbiCoder().encode(types, ["shard", entropy, jobId, round])));
  const left = shards - opened.length;
  const drawn = left > 0 ? order[opened.length + Number(seed % BigInt(left))] : undefined;
  if (drawn === undefined) throw new RangeError(`all of ${shards} shards are open`);
  return drawn;
}
