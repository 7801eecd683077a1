import { expect } from "chai";

import { explainRound, type ExplainedRound, type RoundRecord } from "@commonweight/sdk/chain/explain-round";
import type { JobParams } from "@commonweight/sdk/protocol/job-params";
import type { SeatView } from "@commonweight/sdk/chain/job-view";

const LOCK = 1_000n;
const DIGEST = `0x${"11".repeat(32)}`;
const NONE = `0x${"00".repeat(32)}`;
/** Scores of six seats for two updates: four agree, just two thirds of all, one lies, one is silent. */
const SCORES = [[10, 20], [10, 20], [10, 20], [500, -500], undefined, [10, 20]];

describe("explaining a round", () => {
  it("derives consensus, weights, pay and slashes that the chain agrees with", () => {
    const { attempts, differences } = explainRound(record());
    expect(differences).to.deep.equal([]);
    const [attempt] = attempts;
    expect(attempt?.updates.map(({ median, weight, pay }) => [median, weight, pay])).to.deep.equal([
      [10, 10n, 100n],
      [20, 20n, 200n],
    ]);
    expect(attempt?.seats.map(({ pay }) => pay)).to.deep.equal([40n, 40n, 40n, 0n, 0n, 40n]);
    const slashes = attempt?.seats.map(({ expectedSlash }) => expectedSlash);
    expect(slashes).to.deep.equal([0n, 0n, 0n, LOCK / 2n, LOCK, 0n]);
  });

  it("names what the chain did otherwise", () => {
    const wrong = explainRound(record({ paidUpdates: new Map([[1, 201n]]) }));
    expect(wrong.differences).to.deep.equal(["update 1: pay: computed 200, on chain 201"]);
    const budget = explainRound(record({ trainerPay: 299n }));
    expect(budget.differences).to.include("trainers' pay: computed 300, on chain 299");
    const spared = explainRound(record({ slashed: new Map([["0x5", LOCK]]) }));
    expect(spared.differences).to.deep.equal(["attempt 1, 0x4: slashed: computed 500, on chain 0"]);
  });

  it("weighs alike where the job pays equally, and nothing below the acceptance", () => {
    const equal = explainRound(record({ params: { payRule: "equal" }, totalWeight: 2 }));
    expect(equal.differences).to.deep.equal([]);
    expect(paysOf(equal)).to.deep.equal([150n, 150n]);
    const picky = explainRound(record({ params: { acceptance: 11 }, totalWeight: 20 }));
    expect(picky.differences).to.deep.equal([]);
    expect(paysOf(picky)).to.deep.equal([0n, 300n]);
  });

  it("pays nobody for a computation that no other seat has made, and slashes none of them for scores", () => {
    const alone = explainRound(record({ fingerprints: [1, 2, 3, 4] }));
    const seats = alone.attempts[0]?.seats ?? [];
    expect(seats.map(({ counts }) => counts)).to.deep.equal(Array(6).fill(false));
    expect(seats.map(({ pay }) => pay)).to.deep.equal(Array(6).fill(0n));
    expect(seats.map(({ expectedSlash }) => expectedSlash)).to.deep.equal([0n, 0n, 0n, 0n, LOCK, 0n]);
  });

  describe("of near-clones", () => {
    const CLONES = [[0, 0], [0, 0], [0, 1], [0, 1], undefined, [0, 2]];

    it("divides one weight by the labels that most seats named", () => {
      const named = [...CLONES.slice(0, 2), [0, 0], ...CLONES.slice(3)];
      // 20 x 10 / 30 and 20 x 20 / 30, in 64ths, rounded down.
      const shared = explainRound(record({ labels: [0, 0], named, totalWeight: 1_279 }));
      expect(shared.differences).to.deep.equal([]);
      expect(shared.attempts[0]?.updates.map(({ weight }) => weight)).to.deep.equal([426n, 853n]);
      expect(sum(paysOf(shared))).to.equal(300n);
    });

    it("leaves an update its own where seats differ", () => {
      const split = explainRound(record({ labels: [0, 1], named: CLONES, totalWeight: 1_920 }));
      expect(split.differences).to.deep.equal([]);
      expect(paysOf(split)).to.deep.equal([100n, 200n]);
    });

    it("names a cluster that the chain found otherwise", () => {
      const wrong = explainRound(record({ labels: [0, 0], named: CLONES, totalWeight: 1_920 }));
      expect(wrong.differences).to.deep.equal(["update 1: cluster: computed 1, on chain 0"]);
    });
  });
});

function paysOf({ attempts }: ExplainedRound): readonly bigint[] {
  return attempts[0]?.updates.map(({ pay }) => pay) ?? [];
}

function sum(values: readonly bigint[]): bigint {
  return values.reduce((total, value) => total + value, 0n);
}

/** Fingerprint of all seats that revealed. */
const FINGERPRINT = 7;

interface Changes {
  readonly params?: Partial<JobParams>;
  readonly totalWeight?: number;
  /** Each update's cluster on chain, if weights are shared, and the labels of each seat. */
  readonly labels?: readonly number[];
  /** The seats' fingerprints, if they are not all the same. */
  readonly fingerprints?: readonly number[];
  readonly named?: RoundRecord["attempts"][number]["labels"];
  readonly paidUpdates?: ReadonlyMap<number, bigint>;
  readonly trainerPay?: bigint;
  readonly slashed?: ReadonlyMap<string, bigint>;
}

function record(changes: Changes = {}): RoundRecord {
  const { params, totalWeight, labels, named, fingerprints, paidUpdates, trainerPay, slashed } = changes;
  const seats = SCORES.map((scores, index): SeatView => {
    const isHonest = index !== 3 && index !== 4;
    return {
      validator: `0x${index + 1}`,
      hasCommitted: scores !== undefined,
      hasRevealed: scores !== undefined,
      hasAttested: scores === undefined || isHonest,
      // The silent seat attested the winning model, which earns nothing without a reveal.
      hasWon: scores === undefined || isHonest,
      numeric: scores?.length ?? 0,
      inBand: isHonest ? 2 : 0,
      agreement: isHonest ? 20_000 : 0,
      fingerprint: fingerprints?.[index] ?? (scores === undefined ? 0 : FINGERPRINT),
      counts: scores !== undefined && fingerprints === undefined,
    };
  });
  const committee = {
    attempt: 1,
    dueSince: 0,
    scoringWitnessed: true,
    revealWitnessed: true,
    judgesRelease: false,
    seed: DIGEST,
    drawnAt: 1,
    scoringEnd: 2,
    revealEnd: 3,
    attestationEnd: 4,
    updates: 2,
    tallied: 2,
    judgesHoldout: false,
    clusters: labels !== undefined,
    fingerprints: true,
    outcome: "settled",
    seats,
    consensus: [10, 20],
    labels: labels ?? [],
  } as const;
  const result = {
    attempt: 1,
    baseScore: 1_000,
    score: 2_000,
    modelVersion: 1,
    modelDigest: DIGEST,
    trainerPay: trainerPay ?? 300n,
    totalWeight: totalWeight ?? 30,
    credited: 0n,
  };
  return {
    params: { ...PARAMS, ...params },
    round: {
      number: 1,
      confirming: false,
      outcome: "settled",
      trainingStart: 0,
      trainingEnd: 1,
      disclosureEnd: 1,
      witnessed: false,
      openingWitnessed: false,
      committed: 2,
      revealed: 2,
      holdoutKey: undefined,
      updates: ["0xA", "0xB"].map((trainer, order) => ({ trainer, digest: DIGEST, order, isCopy: false })),
      committee,
      result,
    },
    attempts: [
      {
        committee,
        scores: SCORES,
        labels: named ?? SCORES.map(() => undefined),
        pay: { quality: 120n, attestation: 40n },
        amounts: [40n, 40n, 40n, 0n, 0n, 40n],
        slashed:
          slashed ??
          new Map([
            ["0x4", LOCK / 2n],
            ["0x5", LOCK],
          ]),
      },
    ],
    confirmed: undefined,
    paidUpdates: paidUpdates ?? new Map(),
  };
}

const PARAMS: JobParams = {
  token: "0x",
  reward: 705n,
  bond: 1n,
  seatLock: LOCK,
  initiatorBond: 0n,
  // 705 - 105 = 600 for the trainers, 300 a round.
  validatorShareBps: 1_500,
  rounds: 2,
  maxUpdates: 8,
  committeeSize: 6,
  minTrainers: 1,
  minValidators: 3,
  holdout: "public",
  scoring: "contribution",
  payRule: "by-gain",
  clusters: false,
  sync: "bsp",
  retrainQuota: 1,
  releaseCount: 0,
  releaseBps: 0,
  tolerance: 1,
  maxTolerance: 50,
  noiseFloor: 0,
  acceptance: 0,
  margin: 0,
  targetScore: 0,
  minTraining: 0,
  trainingPeriod: 60,
  disclosurePeriod: 60,
  scoringPeriod: 60,
  revealPeriod: 60,
  attestationPeriod: 60,
  settlementPeriod: 60,
  deadline: 1,
  specDigest: DIGEST,
  modelDigest: DIGEST,
  holdoutRoot: NONE,
  invitationRoot: NONE,
  milestones: [],
};
