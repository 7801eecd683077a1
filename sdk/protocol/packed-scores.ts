// Score vectors as stored on chain (`Consensus.pack` and `unpack`): 16 signed 16-bit scores a word, the first in the
// lowest bits; lanes after the last score are 0.

/** Scores in one word. */
export const LANES = 16;

const LANE_BITS = 16;

/**
 * Packs scores into 256-bit words.
 *
 * @throws RangeError a score has more than 16 bits
 */
export function packScores(scores: readonly number[]): bigint[] {
  const words = Array.from({ length: Math.ceil(scores.length / LANES) }, () => 0n);
  for (const [index, score] of scores.entries()) {
    if (BigInt.asIntN(LANE_BITS, BigInt(score)) !== BigInt(score)) throw new RangeError(`not a 16-bit score: ${score}`);
    const word = Math.floor(index / LANES);
    words[word] = (words[word] ?? 0n) | (BigInt.asUintN(LANE_BITS, BigInt(score)) << laneOf(index));
  }
  return words;
}

/**
 * Unpacks the first `count` scores.
 *
 * @throws RangeError too few words
 */
export function unpackScores(words: readonly bigint[], count: number): number[] {
  return Array.from({ length: count }, (_, index) => {
    const word = words[Math.floor(index / LANES)];
    if (word === undefined) throw new RangeError(`${words.length} words are too few for ${count} scores`);
    return Number(BigInt.asIntN(LANE_BITS, word >> laneOf(index)));
  });
}

function laneOf(index: number): bigint {
  return BigInt(LANE_BITS * (index % LANES));
}
