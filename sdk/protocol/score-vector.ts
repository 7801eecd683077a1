import { packScores, unpackScores, LANES } from "./packed-scores.ts";

// Layout of a score vector (`ScoringPanel.revealScores`) in 256-bit words:
// 1. 16-bit numbers, 16 a word: 1 or 0 for a readable holdout (only if the sealed holdout was opened), then the scores;
// 2. with clusters: one 8-bit label per update, 32 a word;
// 3. on common holdouts: the fingerprint of the computation, in its own word.

/** Labels in one word. */
const LABEL_LANES = 32;
const LABEL_BITS = 8;

/** A score vector; the attempt's `VectorShape` determines its optional parts. */
export interface ScoreVector {
  /** Whether the round's sealed holdout could be decrypted and parsed; `undefined` if none was opened. */
  readonly readable?: boolean | undefined;
  /** One for each update, in the order of disclosure. */
  readonly scores: readonly number[];
  /** Index of the earliest committed update of each update's cluster; `undefined` without clusters. */
  readonly labels?: readonly number[] | undefined;
  /** 24-bit hash of all computed losses, which a validator cannot guess; `undefined` on own holdouts. */
  readonly fingerprint?: number | undefined;
}

/** Number of updates and optional parts of an attempt's vectors. */
export interface VectorShape {
  readonly updates: number;
  readonly judgesHoldout: boolean;
  readonly clusters: boolean;
  readonly fingerprints: boolean;
}

/** Number of fingerprints: 24 bits. */
export const FINGERPRINTS = 2 ** 24;

/** Packs a vector into 256-bit words. */
export function packVector({ readable, scores, labels, fingerprint }: ScoreVector): bigint[] {
  const numbers = readable === undefined ? scores : [readable ? 1 : 0, ...scores];
  return [...packScores(numbers), ...packLabels(labels ?? []), ...packFingerprint(fingerprint)];
}

/**
 * Unpacks a vector.
 *
 * @throws RangeError too few words, or the last one is no fingerprint
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
  if (word === undefined) throw new RangeError(`${words.length} words have no label ${index}`);
  return Number((word >> BigInt(LABEL_BITS * (index % LABEL_LANES))) & 0xffn);
}
