import { createHash } from "node:crypto";

/** Pseudo-random bytes, deterministic by seed. */
export function sampleBytes(seed: string, length = 2_400_000): Uint8Array {
  return createHash("shake256", { outputLength: length }).update(seed).digest();
}
