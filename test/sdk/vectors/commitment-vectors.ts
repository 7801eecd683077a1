import { getAddress } from "ethers";

import { attestationOf, scoresCommitment, updateCommitment } from "@commonweight/sdk/protocol/commitments";
import { packScores } from "@commonweight/sdk/protocol/packed-scores";
import { packVector, unpackVector, type ScoreVector, type VectorShape } from "@commonweight/sdk/protocol/score-vector";
import type { Comparison } from "./comparison.ts";

interface CommitmentVector {
  readonly jobId: bigint;
  readonly round: number;
  readonly attempt: number;
  readonly sender: string;
  readonly digest: string;
  readonly baseScore: number;
  readonly score: number;
  readonly shape: VectorShape;
  readonly vector: bigint[];
  readonly salt: string;
}

interface CommitmentResult {
  readonly update: string;
  readonly scores: string;
  readonly attestation: string;
  readonly packed: readonly bigint[];
  readonly checksum: number;
}

export const commitmentComparison: Comparison<CommitmentVector, CommitmentResult> = {
  name: "Commitments, and score vectors",
  share: 0.01,
  make(random) {
    const scores = random.list(random.pick([0, 1, 15, 16, 17, 64, random.int(0, 64)]), () =>
      random.pick([random.int(-32_768, 32_767), -32_768, -1, 0, 32_767]),
    );
    const shape = {
      updates: scores.length,
      judgesHoldout: random.chance(0.5),
      clusters: random.chance(0.5),
      fingerprints: random.chance(0.5),
    };
    const vector = packVector({
      readable: shape.judgesHoldout ? random.chance(0.5) : undefined,
      scores,
      labels: shape.clusters ? scores.map(() => random.int(0, 255)) : undefined,
      fingerprint: shape.fingerprints ? random.int(0, 0xffffff) : undefined,
    });
    return {
      jobId: random.bits(256),
      round: random.int(0, 4_294_967_295),
      attempt: random.int(0, 2),
      sender: getAddress(random.hex(20)),
      digest: random.hex(32),
      baseScore: random.int(0, 65_535),
      score: random.int(0, 65_535),
      shape,
      vector,
      salt: random.hex(32),
    };
  },
  async onChain(harness, vectors) {
    return (await harness.commitments(vectors.map(encoded))).map((result) => ({
      update: result.update,
      scores: result.scores,
      attestation: result.attestation,
      packed: [...result.packed],
      checksum: Number(result.checksum),
    }));
  },
  mirror(vector, { chainId, address }) {
    const { sender, shape } = vector;
    const numbers = numbersOf(unpackVector(vector.vector, shape));
    const words = packScores(numbers);
    return {
      update: updateCommitment({ ...vector, chainId, rounds: address, trainer: sender }),
      scores: scoresCommitment({ ...vector, chainId, panel: address, validator: sender }),
      attestation: attestationOf({ ...vector, chainId, panel: address, validator: sender }),
      // The harness leaves the words of labels and fingerprint empty.
      packed: vector.vector.map((_, index) => words[index] ?? 0n),
      checksum: numbers.reduce((sum, number, index) => sum + number * (index + 1), 0),
    };
  },
};

function encoded({ shape, vector, ...opening }: CommitmentVector) {
  return { ...opening, updates: shape.updates + (shape.judgesHoldout ? 1 : 0), packedScores: vector };
}

/** A vector's 16-bit numbers. */
function numbersOf({ readable, scores }: ScoreVector): readonly number[] {
  return readable === undefined ? scores : [readable ? 1 : 0, ...scores];
}
