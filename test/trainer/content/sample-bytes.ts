import { createHash } from "node:crypto";

/** Bytes without repetition, the same for the same seed. */
export function sampleBytes(seed: string, length = 2_400_000): Uint8Array {
  return createHash("shake256", { outputLength: length }).update(seed).digest();
}
