/** Returns the next number of a seeded sequence: a multiple of 2^-32 in `[0, 1)`. */
export type Random = () => number;

/** Mixes a 32-bit number into a state (the finaliser of SplitMix32). */
function mix(state: number, value: number): number {
  let z = (state + value + 0x9e3779b9) | 0;
  z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
  z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
  return z ^ (z >>> 15);
}

/**
 * A small, fast generator (SFC32, C. Doty-Humphrey, PractRand) for public seeds, never for secrets.
 *
 * Integer arithmetic only, so every machine draws the same sequence.
 *
 * @param seeds - 32-bit numbers; each changes the sequence, so `(seed, stream)` gives independent streams.
 */
export function seededRandom(...seeds: readonly number[]): Random {
  const seed = seeds.reduce(mix, seeds.length);
  let [a, b, c, counter] = [mix(seed, 1), mix(seed, 2), mix(seed, 3), 1];

  const next = (): number => {
    const drawn = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + drawn) | 0;
    return (drawn >>> 0) / 2 ** 32;
  };

  for (let i = 0; i < 12; i++) next();
  return next;
}

/** A permutation of `0..count - 1` (Fisher-Yates, from the end). */
export function shuffledIndices(count: number, random: Random): Uint32Array {
  const order = Uint32Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    const swapped = order[i]!;
    order[i] = order[j]!;
    order[j] = swapped;
  }
  return order;
}
