/** Reproducible random numbers: splitmix32 (Steele, Lea & Flood 2014), good enough to find differences. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** A whole number from `lowest` to `highest` inclusive; their difference must be below 2^32. */
  int(lowest: number, highest: number): number {
    return lowest + Math.floor((this.#next() / 2 ** 32) * (highest - lowest + 1));
  }

  chance(share: number): boolean {
    return this.#next() < share * 2 ** 32;
  }

  pick<T>(choices: readonly [T, ...T[]]): T {
    return choices[this.int(0, choices.length - 1)] ?? choices[0];
  }

  /** A number of at most `most` bits; the bit length is random too, so that small and maximal numbers occur. */
  bits(most: number): bigint {
    const all = (1n << BigInt(most)) - 1n;
    if (this.chance(0.05)) return all;
    return BigInt(this.hex(Math.ceil(most / 8) + 1)) & (all >> BigInt(this.int(0, most)));
  }

  /** `bytes` random bytes as `0x` and hexadecimal digits. */
  hex(bytes: number): string {
    let digits = "";
    while (digits.length < 2 * bytes) digits += this.#next().toString(16).padStart(8, "0");
    return `0x${digits.slice(0, 2 * bytes)}`;
  }

  list<T>(length: number, make: () => T): T[] {
    return Array.from({ length }, make);
  }

  #next(): number {
    this.#state = (this.#state + 0x9e3779b9) >>> 0;
    let z = this.#state;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return (z ^ (z >>> 15)) >>> 0;
  }
}
