import { agreement, isVoid, quorum, verdictOf } from "@commonweight/sdk/protocol/consensus";
import { packScores } from "@commonweight/sdk/protocol/packed-scores";
import { INVALID, UNAVAILABLE } from "@commonweight/sdk/protocol/scores";
import type { Comparison } from "./comparison.ts";
import type { Random } from "./random.ts";

interface VerdictVector {
  readonly scores: number[];
  readonly tolerance: number;
  readonly maxTolerance: number;
}

interface VerdictResult {
  readonly median: number;
  readonly band: number;
  /** 16 per word; zero for a void median. */
  readonly agreements: readonly bigint[];
  readonly quorum: number;
}

const MAX_UINT16 = 65_535;
const EXTREMES = [INVALID, UNAVAILABLE, UNAVAILABLE + 1, -1, 0, 1, 32_766, 32_767] as const;

export const consensusComparison: Comparison<VerdictVector, VerdictResult> = {
  name: "Consensus: verdict, agreement, quorum",
  share: 0.14,
  make(random) {
    const seats = random.chance(0.04) ? 31 : random.int(1, 11);
    const score = scoreMaker(random);
    const tolerance = random.pick([1, 50, random.int(1, MAX_UINT16), MAX_UINT16]);
    return { scores: random.list(seats, score), tolerance, maxTolerance: random.int(tolerance, MAX_UINT16) };
  },
  async onChain(harness, vectors) {
    return (await harness.verdicts(vectors.map(encoded))).map((result) => ({
      median: Number(result.median),
      band: Number(result.band),
      agreements: [...result.agreements],
      quorum: Number(result.quorum),
    }));
  },
  mirror({ scores, tolerance, maxTolerance }) {
    const verdict = verdictOf(scores, tolerance, maxTolerance);
    const agreements = isVoid(verdict.median) ? [] : scores.map((score) => agreement(score, verdict));
    return { ...verdict, agreements: inTwoWords(agreements), quorum: quorum(scores.length) };
  },
};

/** Random distribution of one committee's scores, from honest to dishonest. */
function scoreMaker(random: Random): () => number {
  const centre = random.int(-32_000, 32_000);
  const uniform = () => random.int(-32_768, 32_767);
  const close = () => centre + random.int(-60, 60);
  return random.pick<() => number>([
    uniform,
    close,
    () => centre,
    () => centre + random.int(0, 2),
    () => (random.chance(0.4) ? uniform() : close()),
    () => (random.chance(0.5) ? random.int(INVALID, UNAVAILABLE) : close()),
    () => random.int(INVALID, UNAVAILABLE),
    () => random.pick(EXTREMES),
  ]);
}

function encoded({ scores, tolerance, maxTolerance }: VerdictVector) {
  return { packedScores: inTwoWords(scores), seats: scores.length, tolerance, maxTolerance };
}

function inTwoWords(values: readonly number[]): [bigint, bigint] {
  const [first = 0n, second = 0n] = packScores(values);
  return [first, second];
}
