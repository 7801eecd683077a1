import { expect } from "chai";

import { type Chain, openChain } from "../../helpers/contracts/chain.ts";
import { PUBLIC_RELEASE, roundInDraw } from "../../helpers/contracts/fixtures.ts";
import { FINGERPRINT, type JobDriver, type SeatPlan } from "../../helpers/contracts/job-driver.ts";

const SEATS = 7;
const TRUTH = [100, 200, 300];
const HONEST: SeatPlan = { scores: TRUTH, attests: PUBLIC_RELEASE };
/** Scores that a lazy seat can guess: a constant, or the last round's scores. */
const GUESS = [0, 0, 0];

describe("Validators that guess", function () {
  this.timeout(120_000);
  let chain: Chain;
  before(async () => {
    chain = await openChain();
  });

  /** A committee of seven on a public holdout, about to be drawn. */
  function committee(): Promise<JobDriver> {
    const terms = { committeeSize: SEATS, minValidators: SEATS };
    return roundInDraw(chain, {
      milestones: true,
      population: { trainers: 3, validators: SEATS },
      enlisted: SEATS,
      terms,
    });
  }

  /** The first `count` seats guess, each with its own fingerprint, and attest the same model as the others. */
  function guessers(count: number, scores = GUESS): Record<number, SeatPlan> {
    const places = Array.from({ length: count }, (_, seat) => seat);
    return Object.fromEntries(places.map((seat) => [seat, { scores, fingerprint: seat + 1, attests: PUBLIC_RELEASE }]));
  }

  async function consensusOf(job: JobDriver): Promise<number[]> {
    return (await job.world.panel.consensusOf(job.id, 1, 1)).map(Number);
  }

  /** Pay of each seat in the first attempt. */
  async function paysOf(job: JobDriver): Promise<bigint[]> {
    const { quality, attestation } = await job.world.market.validatorsPayOf(job.id, 1, 1);
    const { amounts } = await job.world.panel.sharesOf(job.id, 1, 1, quality, attestation);
    return [...amounts];
  }

  async function locksOf(job: JobDriver): Promise<bigint[]> {
    const { panel, registry } = job.world;
    const [, seats] = await panel.committeeOf(job.id, 1, 1);
    return Promise.all(seats.map(({ validator }) => registry.lockedStake(job.terms.token, validator, job.id)));
  }

  for (const lazy of [1, 2, 3]) {
    it(`earn nothing and decide nothing where ${lazy} of 7 do, though their guesses are the same`, async () => {
      const job = await committee();
      await job.judge({ honest: HONEST, seats: guessers(lazy) });
      expect(await consensusOf(job)).to.deep.equal(TRUTH);
      await job.settle(PUBLIC_RELEASE);
      const pays = await paysOf(job);
      expect(pays.slice(0, lazy)).to.deep.equal(Array<bigint>(lazy).fill(0n));
      expect(pays.slice(lazy).every((pay) => pay > 0n)).to.equal(true);
      // No seat is slashed for scores that cannot be checked: it may have been served other bytes.
      expect(await locksOf(job)).to.deep.equal(Array<bigint>(SEATS).fill(BigInt(job.terms.seatLock)));
    });
  }

  it("earn nothing either where they guess the right scores", async () => {
    const job = await committee();
    await job.judge({ honest: HONEST, seats: guessers(3, TRUTH) });
    await job.settle(PUBLIC_RELEASE);
    expect((await paysOf(job)).slice(0, 3)).to.deep.equal([0n, 0n, 0n]);
  });

  for (const lazy of [4, 5]) {
    it(`leave a failed attempt where ${lazy} of 7 do, and earn nothing, while seats that computed are paid`, async () => {
      const job = await committee();
      await job.score({ honest: HONEST, seats: guessers(lazy) });
      await expect(job.tally()).to.emit(job.world.panel, "AttemptFailed").withArgs(job.id, 1, 1, SEATS);
      const pays = await paysOf(job);
      expect(pays.slice(0, lazy)).to.deep.equal(Array<bigint>(lazy).fill(0n));
      expect(pays.slice(lazy).every((pay) => pay > 0n)).to.equal(true);
    });
  }

  // The party's trainers serve different files to honest seats, so that all or all but two fingerprints differ.
  for (const alone of [4, 2]) {
    it(`decide nothing with three seats of seven, though ${alone} honest ones stand alone`, async () => {
      const job = await committee();
      const liar: SeatPlan = { scores: [30_000, -30_000, -30_000], fingerprint: 9, attests: PUBLIC_RELEASE };
      const places = Array.from({ length: SEATS }, (_, seat): [number, SeatPlan] =>
        seat < 3 ? [seat, liar] : [seat, seat < 3 + alone ? { ...HONEST, fingerprint: 100 + seat } : HONEST],
      );
      await job.score({ honest: HONEST, seats: Object.fromEntries(places) });
      await expect(job.tally()).to.emit(job.world.panel, "AttemptFailed").withArgs(job.id, 1, 1, SEATS);
      expect(await locksOf(job)).to.deep.equal(Array<bigint>(SEATS).fill(BigInt(job.terms.seatLock)));
    });
  }

  it("are distinguished from seats that were served other bytes, which count and are not slashed", async () => {
    // A trainer serves its file to four of seven seats; the other three have another common fingerprint.
    const job = await committee();
    const unserved: SeatPlan = { scores: [-32_767, 150, 250], fingerprint: 5, attests: PUBLIC_RELEASE };
    await job.judge({ honest: HONEST, seats: { 0: unserved, 1: unserved, 2: unserved } });
    expect(await consensusOf(job)).to.deep.equal(TRUTH);
    await job.settle(PUBLIC_RELEASE);
    expect(await locksOf(job)).to.deep.equal(Array<bigint>(SEATS).fill(BigInt(job.terms.seatLock)));
    // They attested the same model as the others, and are paid for that.
    expect((await paysOf(job)).every((pay) => pay > 0n)).to.equal(true);
  });

  it("are distinguished from seats that were served other bytes also if two thirds agree: only liars are slashed", async () => {
    const wrong = { scores: [-5_000, 5_000, 0], attests: PUBLIC_RELEASE };
    const job = await committee();
    const unserved: SeatPlan = { ...wrong, fingerprint: 5 };
    await job.score({ honest: HONEST, seats: { 0: unserved, 1: unserved } });
    await expect(job.tally()).not.to.emit(job.world.registry, "Slashed");
    expect(await locksOf(job)).to.deep.equal(Array<bigint>(SEATS).fill(BigInt(job.terms.seatLock)));
  });

  it("cannot outvote seats that were served different bytes by agreeing with one another", async () => {
    const job = await committee();
    const liar: SeatPlan = { scores: [30_000, -30_000, -30_000], fingerprint: 9, attests: PUBLIC_RELEASE };
    const unserved: SeatPlan = { scores: [-32_767, 200, 300], fingerprint: 5, attests: PUBLIC_RELEASE };
    await job.score({ honest: HONEST, seats: { 0: liar, 1: liar, 2: liar, 3: unserved, 4: unserved } });
    await job.tally();
    const consensus = await consensusOf(job);
    expect(consensus.slice(1)).to.deep.equal(TRUTH.slice(1));
    expect(consensus[0]).to.be.oneOf([100, -32_767]);
  });

  it("do not settle a model without attestations from a majority of the seats that count", async () => {
    const job = await committee();
    const other = { ...PUBLIC_RELEASE, score: PUBLIC_RELEASE.score + 1 };
    const attesting = (seat: SeatPlan): SeatPlan => ({ ...seat, attests: other });
    const four = [...Object.values(guessers(3)), HONEST].map(attesting);
    await job.judge({ honest: HONEST, seats: { ...four } });
    await expect(job.settle(other))
      .to.be.revertedWithCustomError(job.world.panel, "ScoringPanel_NoMajority")
      .withArgs(job.id, 1, 3);
    await expect(job.settle(PUBLIC_RELEASE)).to.be.revertedWithCustomError(job.world.panel, "ScoringPanel_NoMajority");
  });

  it("are distinguished from liars, which are slashed if two thirds agree: same fingerprint, other scores", async () => {
    const liar: SeatPlan = { scores: [-5_000, 5_000, 0], fingerprint: FINGERPRINT, attests: PUBLIC_RELEASE };
    const job = await committee();
    await job.score({ honest: HONEST, seats: { 0: liar, 1: liar } });
    await job.tally();
    const lock = BigInt(job.terms.seatLock);
    expect((await locksOf(job)).slice(2)).to.deep.equal(Array<bigint>(5).fill(lock));
    expect(await job.world.registry.burned(job.terms.token)).to.equal(2n * (lock / 2n));
  });

  it("slash nobody by a bare majority", async () => {
    const liar: SeatPlan = { scores: [-5_000, 5_000, 0], fingerprint: FINGERPRINT, attests: PUBLIC_RELEASE };
    const job = await committee();
    await job.score({ honest: HONEST, seats: { 0: liar, 1: liar, 2: liar } });
    await job.tally();
    expect(await consensusOf(job)).to.deep.equal(TRUTH);
    expect(await job.world.registry.burned(job.terms.token)).to.equal(0n);
  });

  it("must give a fingerprint of 24 bits", async () => {
    const job = await committee();
    await job.armAndDraw();
    const wide = 2 ** 24;
    for (let seat = 0; seat < SEATS; seat++) await job.commitScores(seat, TRUTH, { fingerprint: wide });
    await expect(job.revealScores(0)).to.be.revertedWithCustomError(job.world.panel, "ScoringPanel_BadScores");
  });
});
