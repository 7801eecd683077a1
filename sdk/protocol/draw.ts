import { AbiCoder, keccak256 } from "ethers";

// The mirror of `contracts/libraries/Draw.sol`: sparse Fisher-Yates (Durstenfeld 1964, with a map in place of the
// array).

const abi = AbiCoder.defaultAbiCoder();

/**
 * Gives `count` different places out of `[0, length)`: uniform, without replacement. The modulus' bias is below
 * length / 2^256.
 *
 * @param seed 32 bytes, `0x` and 64 hexadecimal digits
 * @param count at most `length`
 */
export function places(seed: string, length: number, count: number): number[] {
  if (count > length) throw new RangeError(`${count} places out of ${length}`);
  // What stands at places that a swap has touched.
  const standing = new Map<number, number>();
  return Array.from({ length: count }, (_, i) => {
    const place = i + Number(BigInt(hashOf(seed, i)) % BigInt(length - i));
    const drawn = standing.get(place) ?? place;
    standing.set(place, standing.get(i) ?? i);
    return drawn;
  });
}

/** Gives the seed of an attempt's draw and of its scoring permutations, as `ScoringPanel.drawCommittee` does. */
export function drawSeed(blockHash: string, jobId: bigint, round: number, attempt: number): string {
  return keccak256(abi.encode(["bytes32", "uint256", "uint64", "uint64"], [blockHash, jobId, round, attempt]));
}

function hashOf(seed: string, index: number): string {
  return keccak256(abi.encode(["bytes32", "uint256"], [seed, index]));
}
