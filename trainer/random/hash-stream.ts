import { createHash } from "node:crypto";

/** A stream of numbers that depends only on its domain and seed; any language with SHA-256 can reproduce it. */
export interface HashStream {
  /** Uniform integer in 0..2^32 - 1. */
  uint32(): number;
  /** Uniform integer in 0..limit - 1, without bias; `limit` in 1..2^32. */
  below(limit: number): number;
  /** Uniform number strictly between 0 and 1, an odd multiple of 2^-33. */
  unit(): number;
}

const WORDS = 8;
const RANGE = 0x1_0000_0000;

/**
 * Opens a seed's stream, for numbers that others must be able to verify and nobody may bias, such as a round's
 * permutations and partitions.
 *
 * Block k is `sha256(utf8(domain) | 0x00 | utf8(seed) | uint64be(k))`, k = 0, 1, ...; each block is eight big-endian
 * 32-bit words in order. Words that would bias `below` are skipped.
 *
 * @param domain purpose of the numbers: streams of different domains are independent
 * @param seed any text; hexadecimal in lower case
 */
export function hashStream(domain: string, seed: string): HashStream {
  const prefix = Buffer.from(`${domain}\0${seed}`, "utf8");
  const counter = Buffer.alloc(8);
  let block = Buffer.alloc(0);
  let words = 0;

  const uint32 = (): number => {
    const word = words % WORDS;
    if (word === 0) {
      counter.writeBigUInt64BE(BigInt(words / WORDS));
      block = createHash("sha256").update(prefix).update(counter).digest();
    }
    words++;
    return block.readUInt32BE(word * 4);
  };
  const below = (limit: number): number => {
    const fair = RANGE - (RANGE % limit);
    let word = uint32();
    while (word >= fair) word = uint32();
    return word % limit;
  };
  return { uint32, below, unit: () => (uint32() + 0.5) / RANGE };
}

/** Shuffles the list in place (Fisher-Yates, from the end) and returns it. */
export function shuffle<List extends Uint32Array | number[]>(list: List, random: HashStream): List {
  for (let last = list.length - 1; last > 0; last--) {
    const other = random.below(last + 1);
    const held = list[last] ?? 0;
    list[last] = list[other] ?? 0;
    list[other] = held;
  }
  return list;
}

/** The numbers 0..count - 1. */
export function indicesUpTo(count: number): Uint32Array {
  return Uint32Array.from({ length: count }, (_, index) => index);
}
