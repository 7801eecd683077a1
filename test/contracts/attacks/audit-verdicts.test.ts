import { expect } from "chai";
import { parseEther, toBeHex } from "ethers";

import { type Chain, at, openChain } from "../../helpers/contracts/chain.ts";
import {
  INVALID,
  UNAVAILABLE,
  packLabels,
  packScores,
  randomSalt,
  scoresCommitment,
} from "../../helpers/contracts/commitments.ts";
import {
  PRIVATE_RELEASE,
  PUBLIC_RELEASE,
  SILENT_SEAT,
  confirmingRoundInDraw,
  honestSeat,
  roundInDisclosure,
  roundInDraw,
  roundInScoring,
} from "../../helpers/contracts/fixtures.ts";
import { FINGERPRINT, type JobDriver, type SeatPlan } from "../../helpers/contracts/job-driver.ts";
import { HOLDOUT, SCORING } from "../../helpers/contracts/job-params.ts";
import { READABLE, SealedHoldout } from "../../helpers/contracts/sealed-holdout.ts";

const COMMON = { holdout: HOLDOUT.public, scoring: SCORING.contribution };
const ALL = (1n << 64n) - 1n;

/** So many seats, of which some attack and one may be absent: half of those that count, and no majority of all. */
interface Half {
  readonly seats: number;
  readonly attackers: number;
  readonly absent: 0 | 1;
}

const HALVES: readonly Half[] = [
  { seats: 7, attackers: 3, absent: 1 },
  { seats: 4, attackers: 2, absent: 0 },
  { seats: 5, attackers: 2, absent: 1 },
  { seats: 6, attackers: 3, absent: 0 },
  { seats: 9, attackers: 4, absent: 1 },
  { seats: 12, attackers: 6, absent: 0 },
];

// What half of the counting seats did to an honest update before majorities were of all seats, and its relatives.
describe("Half of the seats that count", function () {
  this.timeout(120_000);
  let chain: Chain;
  before(async () => {
    chain = await openChain(24);
  });

  const attacks = [
    ["void", [300, UNAVAILABLE, UNAVAILABLE]],
    ["pull down, to a gain of next to nothing,", [300, 1, 1]],
    ["call invalid", [300, INVALID, INVALID]],
    ["push up, beyond what is true,", [300, 32_000, 32_000]],
    ["void or pull down", [300, UNAVAILABLE, -9_000]],
  ] as const;
  for (const [index, half] of HALVES.entries()) {
    for (const [verb, scores] of index < 2 ? attacks : attacks.slice(0, 2)) {
      it(`${nameOf(half)} ${verb} honest updates: fails, then voids only these, slashes nobody`, async () => {
        const job = await commonJob(half);
        const plan = planOf(half, honestSeat(scores, PUBLIC_RELEASE), honestSeat([300, 300, 300], PUBLIC_RELEASE));
        await job.score(plan);
        await job.tally();
        expect(await job.attempt()).to.equal(2n);
        expect(await job.phase()).to.equal("draw");
        await job.judge(plan);
        await job.settle(PUBLIC_RELEASE);

        const unavailable = BigInt(UNAVAILABLE);
        for (const attempt of [1, 2]) {
          const consensus = await job.world.panel.consensusOf(job.id, 1, attempt);
          expect(consensus).to.deep.equal([300n, unavailable, unavailable]);
        }
        // The absent seats alone.
        expect(await job.world.registry.burned(job.terms.token)).to.equal(BigInt(2 * half.absent) * job.terms.seatLock);
        await expectPaid(job, [true, false, false]);
        expect(await job.round()).to.equal(2n);
      });
    }
  }

  for (const half of HALVES.filter(({ seats }) => seats < 9)) {
    it(`${nameOf(half)} once, in the first attempt: the second one pays as if nothing had been`, async () => {
      const job = await commonJob(half);
      const honest = honestSeat([300, 300, 300], PUBLIC_RELEASE);
      await job.score(planOf(half, honestSeat([300, UNAVAILABLE, 1], undefined), honest));
      await job.tally();
      await job.judge({ honest });
      await job.settle(PUBLIC_RELEASE);
      expect(await job.world.panel.consensusOf(job.id, 1, 2)).to.deep.equal([300n, 300n, 300n]);
      await expectPaid(job, [true, true, true]);
    });
  }

  for (const half of [at(HALVES, 0), at(HALVES, 1), at(HALVES, 3)]) {
    it(`${nameOf(half)} call an update invalid on own holdouts: takes no trust of its trainer`, async () => {
      const job = await roundInDraw(chain, {
        terms: { committeeSize: half.seats },
        enlisted: half.seats + half.absent,
        population: { trainers: 6, validators: 14 },
      });
      const victim = at((await job.calls.updates(1)).updates, 1).trainer;
      const trusted = (await job.world.trust.trustOf(job.id, victim)).value;
      const plan = planOf(
        half,
        honestSeat([100, INVALID, 100], PRIVATE_RELEASE),
        honestSeat([100, 100, 100], PRIVATE_RELEASE),
      );
      await job.score(plan);
      await job.tally();
      expect(await job.attempt()).to.equal(2n);
      await job.judge(plan);
      await job.settle(PRIVATE_RELEASE);
      expect(await job.world.panel.consensusOf(job.id, 1, 2)).to.deep.equal([100n, BigInt(UNAVAILABLE), 100n]);
      expect((await job.world.trust.trustOf(job.id, victim)).value).to.equal(trusted);
    });
  }

  for (const half of HALVES) {
    it(`${nameOf(half)} contradict a confirming round: fails twice, and the release is paid as attested`, async () => {
      const job = await confirmingRoundInDraw(chain, {
        terms: { committeeSize: half.seats },
        enlisted: half.seats + half.absent,
        population: { trainers: 6, validators: 14 },
      });
      for (const score of [1, UNAVAILABLE]) {
        await job.score(planOf(half, honestSeat([score], undefined), honestSeat([5_000], undefined)));
        await job.tally();
      }
      expect(await job.phase()).to.equal("closed");
      expect((await job.job()).best).to.equal(5_000n);
      expect((await job.trainersPay(1n)).earned).to.be.greaterThan(0n);
      expect(await job.world.registry.burned(job.terms.token)).to.equal(BigInt(2 * half.absent) * job.terms.seatLock);
    });
  }

  function commonJob({ seats, absent }: Half): Promise<JobDriver> {
    return roundInDraw(chain, {
      terms: { ...COMMON, committeeSize: seats },
      enlisted: seats + absent,
      population: { trainers: 6, validators: 14 },
    });
  }

  /** Which updates of the first round are paid. */
  async function expectPaid(job: JobDriver, paid: readonly boolean[]): Promise<void> {
    const { updates } = await job.calls.updates(1);
    await job.creditTrainers(1, ALL);
    const claims = await Promise.all(
      updates.map(({ trainer }) => job.world.market.withdrawable(job.terms.token, trainer)),
    );
    expect(claims.map((claim) => claim > 0n)).to.deep.equal(paid);
    expect(claims.reduce((total, claim) => total + claim)).to.equal((await job.trainersPay(1n)).earned);
  }
});

describe("A score that somebody wants to copy", function () {
  this.timeout(120_000);
  let chain: Chain;
  before(async () => {
    chain = await openChain(24);
  });

  for (const seats of [3, 4, 5, 7]) {
    for (const attempt of [1n, 2n]) {
      it(`is sealed when ${seats} confirm, attempt ${attempt}: no search finds it, and a copy opens nothing`, async () => {
        const job = await confirmingRoundInDraw(chain, { terms: { committeeSize: seats }, enlisted: seats });
        if (attempt === 2n) await standStill(job);
        await job.draw();
        const [victim, thief] = [0, 1];
        await job.commitScores(victim, [4_873]);
        const holders = await job.holders();
        const { panel } = job.world;
        const [sealed] = await panel.sealedBy(job.id, at(holders, victim).address);
        // 10,001 hashes found an attestation, which had no salt.
        const place = await job.panelPlace();
        const guesses = { attempt, validator: at(holders, victim).address };
        const guess = (score: number, salt: string) =>
          scoresCommitment(place, guesses, [...packScores([score]), BigInt(FINGERPRINT)], salt);
        const { packed, salt } = await job.scoresOpening(victim);
        expect(guess(4_873, salt)).to.equal(sealed);
        const tries = seats === 4 && attempt === 1n ? 10_000 : 10;
        for (let near = 4_873 - 5; near < 4_873 - 5 + tries; near++) {
          if (guess(near % 10_001, toBeHex(0, 32)) === sealed) expect.fail(`found by trying ${near % 10_001}`);
        }

        await panel.connect(at(holders, thief)).commitScores(job.id, thief, sealed);
        for (let seat = 2; seat < seats; seat++) await job.commitScores(seat, [4_873]);
        await job.revealScores(victim);
        await expect(
          panel.connect(at(holders, thief)).revealScores(job.id, thief, packed, salt),
        ).to.be.revertedWithCustomError(panel, "ScoringPanel_CommitmentMismatch");
        await expect(
          panel.connect(at(holders, thief)).commitScores(job.id, thief, sealed),
        ).to.be.revertedWithCustomError(panel, "ScoringPanel_WrongPhase");
      });
    }
  }

  it("is not attested in a confirming round at all: the tally settles it", async () => {
    const job = await confirmingRoundInDraw(chain);
    const { panel } = job.world;
    const attest = async (seat: number) =>
      panel.connect(at(await job.holders(), seat)).attestModel(job.id, seat, randomSalt());
    await job.draw();
    await expect(attest(0)).to.be.revertedWithCustomError(panel, "ScoringPanel_WrongPhase");
    for (const seat of [0, 1, 2, 3, 4]) await job.commitScores(seat, [4_873]);
    await expect(attest(0)).to.be.revertedWithCustomError(panel, "ScoringPanel_WrongPhase");
    for (const seat of [0, 1, 2, 3, 4]) await job.revealScores(seat);
    await expect(attest(0)).to.be.revertedWithCustomError(panel, "ScoringPanel_WrongPhase");
    await job.tally();
    expect(await job.phase()).to.equal("closed");
    expect((await job.job()).best).to.equal(4_873n);
    await expect(attest(0)).to.be.revertedWithCustomError(panel, "ScoringPanel_WrongPhase");
    await expect(job.settle(PUBLIC_RELEASE)).to.be.revertedWithCustomError(panel, "ScoringPanel_WrongPhase");
  });

  for (const impossible of [10_001, -1]) {
    it(`is ${impossible} for most of a confirming round's seats: it fails twice, and who differs keeps the lock`, async () => {
      const job = await confirmingRoundInDraw(chain);
      for (const next of ["draw", "closed"]) {
        await job.score({ honest: honestSeat([impossible], undefined), seats: { 0: honestSeat([4_873], undefined) } });
        await job.tally();
        expect(await job.phase()).to.equal(next);
      }
      expect((await job.job()).best).to.equal(5_000n);
      expect(await job.world.registry.burned(job.terms.token)).to.equal(0n);
    });
  }

  it("earns two seats with an invented fingerprint nothing, unless they knew it before it was revealed", async () => {
    const job = await confirmingRoundInDraw(chain);
    const invented = { ...honestSeat([5_000], undefined), fingerprint: 0xdead };
    await job.score({ honest: honestSeat([4_873], undefined), seats: { 0: invented, 1: invented } });
    await job.tally();
    expect((await job.job()).best).to.equal(4_873n);
    const { quality, attestation } = await job.world.market.validatorsPayOf(job.id, 2, 1);
    const [, amounts] = await job.world.panel.sharesOf(job.id, 2, 1, quality, attestation);
    expect(amounts.map((amount) => amount > 0n)).to.deep.equal([false, false, true, true, true]);
  });

  /** The first attempt fails because nobody seals anything. */
  async function standStill(job: JobDriver): Promise<void> {
    await job.draw();
    await job.passScoring();
    await job.tally();
    expect(await job.attempt()).to.equal(2n);
  }
});

describe("Junk in a score vector", function () {
  this.timeout(120_000);
  let chain: Chain;
  before(async () => {
    chain = await openChain(24);
  });

  /** What honest seats reveal; scores like the labels where they are left out. */
  interface Honest {
    readonly scores?: readonly number[];
    readonly labels?: readonly number[];
  }

  const [scores] = packScores([1, 2, 3]);
  const [labels] = packLabels([0, 1, 2]);
  const mark = BigInt(FINGERPRINT);
  for (const [name, packed] of [
    ["behind the last label, at the word's end", [scores!, labels! | (0xffn << 248n), mark]],
    ["behind the last label, at once", [scores!, labels! | (1n << 24n), mark]],
    ["behind the last score", [scores! | (1n << 48n), labels!, mark]],
    ["behind the last score, at the word's end", [scores! | (1n << 255n), labels!, mark]],
    ["behind the fingerprint", [scores!, labels!, mark | (1n << 24n)]],
    ["in a word more", [scores!, labels!, mark, 0n]],
    ["instead of labels", [scores!, mark]],
  ] as const) {
    it(`${name}: is refused, and the attempt goes on without the seat`, async () => {
      const job = await roundInScoring(chain, { terms: { ...COMMON, clusters: true } });
      await expectRefused(job, [...packed], { labels: [0, 1, 2] });
    });
  }

  it("behind the labels of 17 updates, which are read in two words of scores: is refused", async () => {
    const seventeen = { population: { trainers: 17, validators: 5 }, joined: 17 };
    const job = await roundInScoring(chain, { ...seventeen, terms: { ...COMMON, clusters: true } });
    const many = Array.from({ length: 17 }, (_, index) => index);
    const junk = packLabels(many).map((word) => word | (1n << 136n));
    await expectRefused(job, [...packScores(many), ...junk, mark], { labels: many });
  });

  it("behind the one number of a confirming round, or as labels in it: is refused", async () => {
    const job = await roundInDraw(chain, { milestones: true, terms: { rounds: 1, clusters: true } });
    await job.judge({ honest: { ...honestSeat([1, 2, 3], PUBLIC_RELEASE), labels: [0, 1, 2] } });
    await job.settle(PUBLIC_RELEASE);
    await job.draw();
    const holders = await job.holders();
    const place = await job.panelPlace();
    const junk = [
      [5_000n | (1n << 16n), mark],
      [5_000n, 0n, mark],
    ];
    const salts = junk.map(() => randomSalt());
    for (const [seat, packed] of junk.entries()) {
      const holder = at(holders, seat);
      const opening = { attempt: 1n, validator: holder.address };
      const sealed = scoresCommitment(place, opening, packed, at(salts, seat));
      await job.world.panel.connect(holder).commitScores(job.id, seat, sealed);
    }
    for (const seat of [2, 3, 4]) await job.commitScores(seat, [5_000]);
    for (const [seat, packed] of junk.entries()) {
      const reveal = job.world.panel.connect(at(holders, seat)).revealScores(job.id, seat, packed, at(salts, seat));
      await expect(reveal).to.be.revertedWithCustomError(job.world.panel, "ScoringPanel_BadScores");
    }
  });

  it("behind the last score of a sealed holdout's vector: is refused", async () => {
    const holdout = new SealedHoldout(2);
    const job = await roundInDisclosure(chain, {
      holdout,
      terms: { ...COMMON, ...holdout.terms(parseEther("1001")) },
    });
    for (const trainer of job.world.trainers.slice(0, 3)) await job.reveal(trainer);
    await holdout.open(job);
    await job.draw();
    const [read] = packScores([READABLE, 1, 2, 3]);
    await expectRefused(job, [read! | (1n << 64n), mark], { scores: [READABLE, 1, 2, 3] });
  });

  /** Seat 0 seals `packed` and cannot open it; the others are honest, and the attempt goes on without seat 0. */
  async function expectRefused(job: JobDriver, packed: bigint[], honest: Honest): Promise<void> {
    const { scores: all = honest.labels ?? [], labels = [] } = honest;
    const holder = at(await job.holders(), 0);
    const salt = randomSalt();
    const opening = { attempt: 1n, validator: holder.address };
    const sealed = scoresCommitment(await job.panelPlace(), opening, packed, salt);
    const { panel } = job.world;
    await panel.connect(holder).commitScores(job.id, 0, sealed);
    for (const seat of [1, 2, 3, 4]) await job.commitScores(seat, all, { labels });
    await expect(panel.connect(holder).revealScores(job.id, 0, packed, salt)).to.be.revertedWithCustomError(
      panel,
      "ScoringPanel_BadScores",
    );
    for (const seat of [1, 2, 3, 4]) await job.revealScores(seat);
    await job.passReveal();
    await job.tally();
    expect(await job.phase()).to.equal("attestation");
    expect(await job.world.registry.burned(job.terms.token)).to.equal(job.terms.seatLock);
  }
});

function nameOf({ seats, attackers, absent }: Half): string {
  return `${attackers} of ${seats} seats, ${absent === 0 ? "none" : "one"} absent:`;
}

/** The first seats attack, the last may be absent. */
function planOf({ seats, attackers, absent }: Half, attack: SeatPlan, honest: SeatPlan) {
  const plans: Record<number, SeatPlan> = {};
  for (let seat = 0; seat < attackers; seat++) plans[seat] = attack;
  if (absent === 1) plans[seats - 1] = SILENT_SEAT;
  return { honest, seats: plans };
}
