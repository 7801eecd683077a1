import { AbiCoder, keccak256, toBeHex } from "ethers";

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

/** What the seed of an attempt's draw follows from. */
export interface DrawFacts {
  /** `TrainingRounds.entropyOf` once Disclosure is over: 32 bytes. */
  readonly disclosures: string;
  /** `ScoringPanel.entropyOf`: 32 bytes. */
  readonly reveals: string;
  readonly jobId: bigint;
  readonly round: number;
  /** 1 or 2. */
  readonly attempt: number;
}

/** Gives the seed of an attempt's draw, which also orders the scoring rule's permutations. */
export function drawSeed({ disclosures, reveals, jobId, round, attempt }: DrawFacts): string {
  const types = ["bytes32", "bytes32", "uint256", "uint256", "uint256"];
  return keccak256(abi.encode(types, [disclosures, reveals, jobId, round, attempt]));
}

/** A salt that is opened. */
export interface OpenedSalt {
  /** Account that sealed it. */
  readonly account: string;
  /** 32 bytes, `0x` and 64 hexadecimal digits. */
  readonly salt: string;
}

/**
 * Gives `entropy` with the salts of one phase mixed in, and with the first of them the hash of the block before. Salts
 * are combined by exclusive or: their order changes nothing.
 *
 * @param entropy 32 bytes, `0x` and 64 hexadecimal digits
 * @param hashBefore hash of the block before the one in which the first salt was opened
 */
export function mixedEntropy(entropy: string, hashBefore: string, salts: readonly OpenedSalt[]): string {
  if (salts.length === 0) return entropy;
  const mixed = salts.reduce(
    (sum, { account, salt }) => sum ^ BigInt(keccak256(abi.encode(["address", "bytes32"], [account, salt]))),
    BigInt(stirredEntropy(entropy, hashBefore)),
  );
  return toBeHex(mixed, 32);
}

/**
 * Gives `entropy` with a block's hash mixed in, which replaces the salts that were withheld: whoever withheld one knew
 * the seed that it would have made, and does not know the one that comes.
 *
 * @param entropy 32 bytes, `0x` and 64 hexadecimal digits
 * @param hashBefore of disclosures: hash of the block before the draw; of reveals: of the block before the tally's end
 */
export function stirredEntropy(entropy: string, hashBefore: string): string {
  return keccak256(abi.encode(["bytes32", "bytes32"], [entropy, hashBefore]));
}

function hashOf(seed: string, index: number): string {
  return keccak256(abi.encode(["bytes32", "uint256"], [seed, index]));
}
