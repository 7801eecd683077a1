import { AbiCoder, hexlify, id, keccak256, randomBytes, sha256, toUtf8Bytes } from "ethers";

/** An attested model, with the scores before and after the round in basis points. */
export interface Release {
  readonly digest: string;
  readonly baseScore: number;
  readonly score: number;
}

/** Chain, contract, job and round that a commitment is bound to. */
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

// An independent model: written from docs/protocol.md, not imported from the sdk.
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

/** Packs signed 16-bit scores, 16 per word, the first in the lowest bits. */
export function packScores(scores: readonly number[]): bigint[] {
  const words: bigint[] = [];
  scores.forEach((score, index) => {
    const word = Math.floor(index / 16);
    words[word] = (words[word] ?? 0n) | (BigInt.asUintN(16, BigInt(score)) << BigInt(16 * (index % 16)));
  });
  return words;
}

/** Packs 8-bit labels, 32 per word, the first in the lowest bits. */
export function packLabels(labels: readonly number[]): bigint[] {
  const words: bigint[] = [];
  labels.forEach((label, index) => {
    const word = Math.floor(index / 32);
    words[word] = (words[word] ?? 0n) | (BigInt(label) << BigInt(8 * (index % 32)));
  });
  return words;
}

/** Returns a digest for the content called `name`. */
export function digestOf(name: string): string {
  return sha256(toUtf8Bytes(name));
}

export function randomSalt(): string {
  return hexlify(randomBytes(32));
}

function hash(types: string[], values: unknown[]): string {
  return keccak256(AbiCoder.defaultAbiCoder().encode(types, values));
}
