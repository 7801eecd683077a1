import { AbiCoder, keccak256 } from "ethers";

// Mirror of `contracts/libraries/Draw.sol`: sparse Fisher-Yates (Durstenfeld 1964, with a map in place of the array).

const abi = AbiCoder.defaultAbiCoder();

/**
 * Draws `count` different places from `[0, length)`: uniform, without replacement. Modulo bias is below length / 2^256.
 *
 * @param seed 32 bytes, `0x` and 64 hexadecimal digits
 * @param count at most `length`
 */
export function places(seed: string, length: number, count: number): number[] {
  if (count > length) throw new RangeError(`${count} places out of ${length}`);
  // Values at the places that a swap has changed.
  const standing = new Map<number, number>();
  return Array.from({ length: count }, (_, i) => {
    const place = i + Number(BigInt(hashOf(seed, i)) % BigInt(length - i));
    const drawn = standing.get(place) ?? place;
    standing.set(place, standing.get(i) ?? i);
    return drawn;
  });
}

/** Returns the seed of an attempt's draw and scoring permutations, as `ScoringPanel.drawCommittee` computes it. */
export function drawSeed(blockHash: string, jobId: bigint, round: number, attempt: number): string {
  return keccak256(abi.encode(["bytes32", "uint256", "uint64", "uint64"], [blockHash, jobId, round, attempt]));
}

function hashOf(seed: string, index: number): string {
  return keccak256(abi.encode(["bytes32", "uint256"], [seed, index]));
}
