import { getAddress } from "ethers";

import { attestationOf, scoresCommitment, updateCommitment } from "../../../sdk/commitments.ts";
import { packScores, unpackScores } from "../../../sdk/packed-scores.ts";
import type { Comparison } from "./comparison.ts";

interface CommitmentVector {
  readonly jobId: bigint;
  readonly round: number;
  readonly attempt: number;
  readonly sender: string;
  readonly digest: string;
  readonly baseScore: number;
  readonly score: number;
  readonly updates: number;
  readonly packedScores: bigint[];
  readonly salt: string;
}

interface CommitmentResult {
  readonly update: string;
  readonly scores: string;
  readonly attestation: string;
  readonly packed: readonly bigint[];
  readonly checksum: number;
}

/** @param contract where the libraries run: what the commitments are bound to */
export function commitmentComparison(
  chainId: bigint,
  contract: string,
): Comparison<CommitmentVector, CommitmentResult> {
  return {
    name: "Commitments, and packed scores",
    share: 0.01,
    make(random) {
      const scores = random.list(random.pick([0, 1, 15, 16, 17, 64, random.int(0, 64)]), () =>
        random.pick([random.int(-32_768, 32_767), -32_768, -1, 0, 32_767]),
      );
      return {
        jobId: random.bits(256),
        round: random.int(0, 4_294_967_295),
        attempt: random.int(0, 2),
        sender: getAddress(random.hex(20)),
        digest: random.hex(32),
        baseScore: random.int(0, 65_535),
        score: random.int(0, 65_535),
        updates: scores.length,
        packedScores: packScores(scores),
        salt: random.hex(32),
      };
    },
    async onChain(harness, vectors) {
      return (await harness.commitments(vectors)).map((result) => ({
        update: result.update,
        scores: result.scores,
        attestation: result.attestation,
        packed: [...result.packed],
        checksum: Number(result.checksum),
      }));
    },
    mirror(vector) {
      const { sender, packedScores, updates } = vector;
      const scores = unpackScores(packedScores, updates);
      return {
        update: updateCommitment({ ...vector, chainId, market: contract, trainer: sender }),
        scores: scoresCommitment({ ...vector, chainId, panel: contract, validator: sender }),
        attestation: attestationOf({ ...vector, chainId, panel: contract, validator: sender }),
        packed: packScores(scores),
        checksum: scores.reduce((sum, score, index) => sum + score * (index + 1), 0),
      };
    },
  };
}
