import { AbiCoder, keccak256 } from "ethers";

const ROUNDS = 90;

/**
 * Returns the element at `index` of the list `0, 1, ... length - 1` shuffled with `seed`: the shard of a sealed holdout
 * that a round uses. Mirror of `contracts/libraries/Shuffle.sol`: swap-or-not (Hoang, Morris, Rogaway 2012).
 *
 * @param seed 32 bytes, hexadecimal
 * @param index below `length`
 */
export function shuffledAt(seed: string, index: number, length: number): number {
  let place = index;
  for (let round = 0; round < ROUNDS; round++) {
    const pivot = Number(hashed(["bytes32", "uint256"], [seed, round]) % BigInt(length));
    const other = (pivot + length - place) % length;
    const highest = Math.max(place, other);
    if ((hashed(["bytes32", "uint256", "uint256"], [seed, round, highest]) & 1n) === 1n) place = other;
  }
  return place;
}

function hashed(types: readonly string[], values: readonly unknown[]): bigint {
  return BigInt(keccak256(AbiCoder.defaultAbiCoder().encode(types, values)));
}
