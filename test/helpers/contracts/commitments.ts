import { AbiCoder, hexlify, id, keccak256, randomBytes, sha256, toUtf8Bytes } from "ethers";

/** The two absolute scores, in basis points, and the model that a committee attests. */
export interface Release {
  readonly digest: string;
  readonly baseScore: number;
  readonly score: number;
}

/** Where a commitment is opened. */
export interface CommitmentPlace {
  readonly chainId: bigint;
  /** Market or panel. */
  readonly contract: string;
  readonly jobId: bigint;
  readonly round: bigint;
}

/** Score of a malformed update, and of one that could not be fetched. */
export const INVALID = -32_768;
export const UNAVAILABLE = -32_767;

// Written out from chapter 2 of the design, not taken from the sdk: an independent model.
const UPDATE_TYPEHASH = id(
  "Update(uint256 chainId,address rounds,uint256 jobId,uint256 round,address trainer,bytes32 digest,bytes32 salt)",
);
const SCORES_TYPEHASH = id(
  "Scores(uint256 chainId,address panel,uint256 jobId,uint256 round,uint256 attempt,address validator,uint256[] vector,bytes32 salt)",
);
const ATTEST_TYPEHASH = id(
  "Attestation(uint256 chainId,address panel,uint256 jobId,uint256 round,uint256 attempt,bytes32 digest,uint16 baseScore,uint16 score,address validator)",
);

/** Returns the commitment to an update. */
export function updateCommitment(place: CommitmentPlace, trainer: string, digest: string, salt: string): string {
  return hash(
    ["bytes32", "uint256", "address", "uint256", "uint256", "address", "bytes32", "bytes32"],
    [UPDATE_TYPEHASH, place.chainId, place.contract, place.jobId, place.round, trainer, digest, salt],
  );
}

/** Returns the commitment to a packed score vector. */
export function scoresCommitment(
  place: CommitmentPlace,
  { attempt, validator }: { readonly attempt: bigint; readonly validator: string },
  packed: readonly bigint[],
  salt: string,
): string {
  return hash(
    ["bytes32", "uint256", "address", "uint256", "uint256", "uint256", "address", "uint256[]", "bytes32"],
    [SCORES_TYPEHASH, place.chainId, place.contract, place.jobId, place.round, attempt, validator, packed, salt],
  );
}

/** Returns a validator's attestation of a release. */
export function attestation(place: CommitmentPlace, attempt: bigint, validator: string, release: Release): string {
  return hash(
    ["bytes32", "uint256", "address", "uint256", "uint256", "uint256", "bytes32", "uint16", "uint16", "address"],
    [
      ATTEST_TYPEHASH,
      place.chainId,
      place.contract,
      place.jobId,
      place.round,
      attempt,
      release.digest,
      release.baseScore,
      release.score,
      validator,
    ],
  );
}

/** Returns signed 16-bit scores, 16 a word, the first in the lowest bits. */
export function packScores(scores: readonly number[]): bigint[] {
  const words: bigint[] = [];
  scores.forEach((score, index) => {
    const word = Math.floor(index / 16);
    words[word] = (words[word] ?? 0n) | (BigInt.asUintN(16, BigInt(score)) << BigInt(16 * (index % 16)));
  });
  return words;
}

/** Returns 8-bit labels, 32 a word, the first in the lowest bits. */
export function packLabels(labels: readonly number[]): bigint[] {
  const words: bigint[] = [];
  labels.forEach((label, index) => {
    const word = Math.floor(index / 32);
    words[word] = (words[word] ?? 0n) | (BigInt(label) << BigInt(8 * (index % 32)));
  });
  return words;
}

/** Returns a digest that stands for the content `name`. */
export function digestOf(name: string): string {
  return sha256(toUtf8Bytes(name));
}

export function randomSalt(): string {
  return hexlify(randomBytes(32));
}

function hash(types: string[], values: unknown[]): string {
  return keccak256(AbiCoder.defaultAbiCoder().encode(types, values));
}
