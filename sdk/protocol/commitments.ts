import { AbiCoder, id, keccak256 } from "ethers";

import type { ContentDigest } from "./content-id.ts";

// Mirror of `contracts/libraries/Commitments.sol`. Each commitment is bound to chain, contract, job, round and sender,
// so that a copied one cannot be opened. The encoding is that of EIP-712 structs, except for arrays: two different
// openings never share an encoding.

/** What a trainer seals. */
export interface UpdateOpening {
  readonly chainId: bigint;
  /** Address of `TrainingRounds`. */
  readonly rounds: string;
  readonly jobId: bigint;
  readonly round: number;
  readonly trainer: string;
  /** sha2-256 digest of the update's content id. */
  readonly digest: ContentDigest;
  /** 32 bytes, `0x` and 64 hexadecimal digits. */
  readonly salt: string;
}

/** What a validator seals in an attempt. */
export interface ScoresOpening {
  readonly chainId: bigint;
  readonly panel: string;
  readonly jobId: bigint;
  readonly round: number;
  /** 1 or 2. */
  readonly attempt: number;
  readonly validator: string;
  /** As returned by `packVector`. */
  readonly vector: readonly bigint[];
  /** 32 bytes, `0x` and 64 hexadecimal digits. */
  readonly salt: string;
}

/** What a validator attests in an attempt. */
export interface ModelAttestation {
  readonly chainId: bigint;
  readonly panel: string;
  readonly jobId: bigint;
  readonly round: number;
  /** 1 or 2. */
  readonly attempt: number;
  /** sha2-256 digest of the next model's content id. */
  readonly digest: ContentDigest;
  /** Absolute scores of the round's initial model and of the next one, in basis points; 0 on own holdouts. */
  readonly baseScore: number;
  readonly score: number;
  readonly validator: string;
}

const UPDATE_TYPEHASH = id(
  "Update(uint256 chainId,address rounds,uint256 jobId,uint256 round,address trainer,bytes32 digest,bytes32 salt)",
);
const SCORES_TYPEHASH = id(
  "Scores(uint256 chainId,address panel,uint256 jobId,uint256 round,uint256 attempt,address validator,uint256[] vector,bytes32 salt)",
);
const ATTEST_TYPEHASH = id(
  "Attestation(uint256 chainId,address panel,uint256 jobId,uint256 round,uint256 attempt,bytes32 digest,uint16 baseScore,uint16 score,address validator)",
);

const UPDATE_TYPES = ["bytes32", "uint256", "address", "uint256", "uint256", "address", "bytes32", "bytes32"];
const SCORES_TYPES = [
  ...["bytes32", "uint256", "address", "uint256", "uint256", "uint256", "address"],
  ...["uint256[]", "bytes32"],
];
const ATTEST_TYPES = [
  ...["bytes32", "uint256", "address", "uint256", "uint256", "uint256"],
  ...["bytes32", "uint16", "uint16", "address"],
];

/** Gives the commitment to an update: 32 bytes, hexadecimal. */
export function updateCommitment(opening: UpdateOpening): string {
  const { chainId, rounds, jobId, round, trainer, digest, salt } = opening;
  return hash(UPDATE_TYPES, [UPDATE_TYPEHASH, chainId, rounds, jobId, round, trainer, digest, salt]);
}

/** Gives the commitment to a score vector: 32 bytes, hexadecimal. */
export function scoresCommitment(opening: ScoresOpening): string {
  const { chainId, panel, jobId, round, attempt, validator, vector, salt } = opening;
  return hash(SCORES_TYPES, [
    ...[SCORES_TYPEHASH, chainId, panel, jobId, round, attempt, validator],
    ...[vector, salt],
  ]);
}

/** Gives the attestation of a model: 32 bytes, hexadecimal. */
export function attestationOf(attestation: ModelAttestation): string {
  const { chainId, panel, jobId, round, attempt, digest, baseScore, score, validator } = attestation;
  return hash(ATTEST_TYPES, [
    ...[ATTEST_TYPEHASH, chainId, panel, jobId, round, attempt],
    ...[digest, baseScore, score, validator],
  ]);
}

function hash(types: readonly string[], values: readonly unknown[]): string {
  return keccak256(AbiCoder.defaultAbiCoder().encode(types, values));
}
