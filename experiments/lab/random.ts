import { hashStream } from "../../trainer/random/hash-stream.ts";
import { seededRandom as randomOf, type Random } from "../../trainer/random/seeded-random.ts";

/** Numbers in [0, 1) that follow from a text. */
export function seededRandom(seed: string): Random {
  return randomOf(hashStream("commonweight/adversary", seed).uint32());
}

/** A standard normal number (Box and Muller 1958). */
export function gaussian(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Gaussian noise whose length is about `norm`, as many numbers as `size`. */
export function noise(size: number, norm: number, random: Random): Float32Array {
  const deviation = norm / Math.sqrt(size);
  return new Float32Array(size).map(() => deviation * gaussian(random));
}
