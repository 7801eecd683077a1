import { packScores, unpackScores, LANES } from "./packed-scores.ts";

// What a validator seals and reveals (`ScoringPanel.revealScores`): first, where the round's sealed holdout was opened,
// whether it could be read; then one score an update, 16 numbers a word; then, where near-clones share one weight, one
// 8-bit label an update, 32 a word; last, on common holdouts, the fingerprint of the computation in a word of its own.

/** Labels in one word. */
const LABEL_LANES = 32;
const LABEL_BITS = 8;

/** What a score vector is made of; the attempt says which parts it has. */
export interface ScoreVector {
  /** Whether the round's sealed holdout could be decrypted and parsed; `undefined` where none was opened. */
  readonly readable?: boolean | undefined;
  /** One for each update, in the order of disclosure. */
  readonly scores: readonly number[];
  /** Index of the earliest committed update of each update's cluster; `undefined` where weights are not shared. */
  readonly labels?: readonly number[] | undefined;
  /**
   * 24 bits that follow from every loss that was computed: who guesses has others; `undefined` where holdouts differ.
   */
  readonly fingerprint?: number | undefined;
}

/** Which parts the vectors of an attempt have. */
export interface VectorShape {
  readonly updates: number;
  readonly judgesHoldout: boolean;
  readonly clusters: boolean;
  readonly fingerprints: boolean;
}

/** Exclusive. */
export const FINGERPRINTS = 2 ** 24;

/** Packs a vector into 256-bit words. */
export function packVector({ readable, scores, labels, fingerprint }: ScoreVector): bigint[] {
  const numbers = readable === undefined ? scores : [readable ? 1 : 0, ...scores];
  return [...packScores(numbers), ...packLabels(labels ?? []), ...packFingerprint(fingerprint)];
}

/**
 * Unpacks a vector.
 *
 * @throws RangeError there are fewer words than that takes
 */
export function unpackVector(
  words: readonly bigint[],
  { updates, judgesHoldout, clusters, fingerprints }: VectorShape,
): ScoreVector {
  const numbers = unpackScores(words, updates + (judgesHoldout ? 1 : 0));
  const rest = words.slice(Math.ceil(numbers.length / LANES));
  return {
    readable: judgesHoldout ? numbers[0] === 1 : undefined,
    scores: judgesHoldout ? numbers.slice(1) : numbers,
    labels: clusters ? Array.from({ length: updates }, (_, index) => labelAt(rest, index)) : undefined,
    fingerprint: fingerprints ? fingerprintIn(words) : undefined,
  };
}

function packFingerprint(fingerprint: number | undefined): bigint[] {
  if (fingerprint === undefined) return [];
  if (!Number.isInteger(fingerprint) || fingerprint < 0 || fingerprint >= FINGERPRINTS) {
    throw new RangeError(`not a fingerprint: ${fingerprint}`);
  }
  return [BigInt(fingerprint)];
}

function fingerprintIn(words: readonly bigint[]): number {
  const last = words.at(-1);
  if (last === undefined || last >= FINGERPRINTS) throw new RangeError("the last word is no fingerprint");
  return Number(last);
}

function packLabels(labels: readonly number[]): bigint[] {
  const words = Array.from({ length: Math.ceil(labels.length / LABEL_LANES) }, () => 0n);
  for (const [index, label] of labels.entries()) {
    if (!Number.isInteger(label) || label < 0 || label > 255) throw new RangeError(`not a label: ${label}`);
    const word = Math.floor(index / LABEL_LANES);
    words[word] = (words[word] ?? 0n) | (BigInt(label) << BigInt(LABEL_BITS * (index % LABEL_LANES)));
  }
  return words;
}

function labelAt(words: readonly bigint[], index: number): number {
  const word = words[Math.floor(index / LABEL_LANES)];
  if (word === undefined) throw new RangeError(`${words.length} words hold no label ${index}`);
  return Number((word >> BigInt(LABEL_BITS * (index % LABEL_LANES))) & 0xffn);
}
