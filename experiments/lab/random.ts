import { hashStream } from "../../trainer/random/hash-stream.ts";
import { seededRandom as randomOf, type Random } from "../../trainer/random/seeded-random.ts";

/** Random numbers in [0, 1), seeded by a text. */
export function seededRandom(seed: string): Random {
  return randomOf(hashStream("commonweight/adversary", seed).uint32());
}

/** A standard normal number (Box and Muller 1958). */
export function gaussian(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** `size` Gaussian numbers whose norm is about `norm`. */
export function noise(size: number, norm: number, random: Random): Float32Array {
  const deviation = norm / Math.sqrt(size);
  return new Float32Array(size).map(() => deviation * gaussian(random));
}
