import { expect } from "chai";

import { type Chain, at, openChain } from "../../helpers/contracts/chain.ts";
import { UNAVAILABLE } from "../../helpers/contracts/commitments.ts";
import { everyoneExits, expectDrained, strangerCloses } from "../../helpers/contracts/exit.ts";
import {
  PRIVATE_RELEASE,
  PUBLIC_RELEASE,
  SILENT_SEAT,
  honestSeat,
  roundInDisclosure,
  roundInDraw,
  roundInTraining,
} from "../../helpers/contracts/fixtures.ts";
import type { JobDriver } from "../../helpers/contracts/job-driver.ts";
import { HOLDOUT, NO_PERMIT } from "../../helpers/contracts/job-params.ts";

// Attacks by validators. Each test is named after an attack and its result; "Residual" marks accepted harm.
describe("Attacks on the draw and the committee", function () {
  this.timeout(60_000);
  let chain: Chain;
  before(async () => {
    chain = await openChain();
  });

  it("withholding an unwanted draw: the result does not depend on who draws, or when", async () => {
    const job = await roundInDraw(chain, { enlisted: 9 });
    const drawn: string[][] = [];
    for (const [caller, blocks] of [
      [job.world.stranger, 1],
      [at(job.world.validators, 8), 100],
      [at(job.world.trainers, 0), 1_000],
    ] as const) {
      const snapshot = await chain.helpers.takeSnapshot();
      await chain.helpers.mine(blocks);
      await job.world.committees.connect(caller).drawCommittee(job.id);
      drawn.push((await job.committee()).seats.map((seat) => seat.validator));
      await snapshot.restore();
    }
    expect(drawn[1]).to.deep.equal(drawn[0]);
    expect(drawn[2]).to.deep.equal(drawn[0]);
  });

  it("drawing again for another committee: refused while the first sits, and from then on", async () => {
    const job = await roundInDraw(chain, { enlisted: 9 });
    const { panel, rounds } = job.world;
    await job.draw();
    await expect(job.draw()).to.be.revertedWithCustomError(panel, "ScoringPanel_WrongPhase");
    await chain.helpers.mine(300);
    await expect(job.draw()).to.be.revertedWithCustomError(panel, "ScoringPanel_WrongPhase");
    for (const seat of [0, 1, 2, 3, 4]) await job.commitScores(seat, [1, 2, 3]);
    for (const seat of [0, 1, 2, 3, 4]) await job.revealScores(seat);
    await job.tally();
    for (const seat of [0, 1, 2, 3, 4]) await job.attest(seat, PRIVATE_RELEASE);
    await job.settle(PRIVATE_RELEASE);
    await expect(job.draw()).to.be.revertedWithCustomError(rounds, "TrainingRounds_WrongPhase");
  });

  it("enlisting or leaving once the seed is known: is not drawn, and the list is frozen", async () => {
    const job = await roundInDraw(chain, { enlisted: 6 });
    const { committees, validators } = job.world;
    const late = validators.slice(6, 9);
    const before = await chain.helpers.takeSnapshot();
    await job.draw();
    const expected = (await job.holders()).map(({ address }) => address);
    await before.restore();
    await job.enlist(...late);
    await expect(committees.connect(at(validators, 0)).delist(job.id)).to.be.revertedWithCustomError(
      committees,
      "Committees_ListFrozen",
    );
    expect(await committees.enlistedCount(job.id)).to.equal(9n);
    expect(await committees.drawableCount(job.id)).to.equal(6n);
    await job.draw();
    expect((await job.holders()).map(({ address }) => address)).to.deep.equal(expected);
  });

  it("freezing the list for ever by never drawing: any stranger draws, however late", async () => {
    const job = await roundInDraw(chain);
    await chain.helpers.mine(600);
    await job.passDeadline();
    await job.draw();
    expect(await job.phase()).to.equal("scoring");
  });

  it("leaving the list once Training is over: refused until the round has ended", async () => {
    const job = await roundInDisclosure(chain);
    const { committees, validators } = job.world;
    const leave = () => committees.connect(at(validators, 0)).delist(job.id);
    await expect(leave()).to.be.revertedWithCustomError(committees, "Committees_ListFrozen");
    for (const trainer of job.world.trainers.slice(0, 3)) await job.reveal(trainer);
    await expect(leave()).to.be.revertedWithCustomError(committees, "Committees_ListFrozen");
    await job.judge({ honest: honestSeat([1, 2, 3], PRIVATE_RELEASE) });
    await expect(leave()).to.be.revertedWithCustomError(committees, "Committees_ListFrozen");
    await job.settle(PRIVATE_RELEASE);
    await leave();
    expect(await committees.enlistedCount(job.id)).to.equal(4n);
  });

  // Residual: validators may leave the list until Training is over.
  it("leaving the list while trainers work: the round waits, anyone enlists, and the trainers are paid", async () => {
    const job = await roundAfterDelisting();
    const { committees, validators } = job.world;
    await expect(job.draw()).to.be.revertedWithCustomError(committees, "Committees_TooFewEnlisted");
    await job.enlist(at(validators, 5));
    await job.judge({ honest: honestSeat([1, 2, 3], PRIVATE_RELEASE) });
    await job.settle(PRIVATE_RELEASE);
    expect((await job.trainersPay(1n)).earned).to.be.greaterThan(0n);
  });

  it("the same for as long as a round lasts: closes the job unpaid, and takes no bond and no lock", async () => {
    const job = await roundAfterDelisting();
    const { lifecycle } = job.world;
    await expect(lifecycle.closeJob(job.id)).to.be.revertedWithCustomError(lifecycle, "JobLifecycle_NotOver");
    await job.passTo((await job.facts()).disclosureEnd + (await job.calls.grace()));
    await lifecycle.connect(job.world.initiator).closeJob(job.id);
    expect((await job.trainersPay(1n)).earned).to.equal(0n);
    await everyoneExits(job.world, [job]);
    await expectDrained(job.world, job.terms.token);
    for (const ledger of [job.world.market, job.world.registry]) {
      expect(await ledger.burned(job.terms.token)).to.equal(0n);
    }
  });

  it("judging one's own update: no member enlists, and nobody who was one", async () => {
    const job = await roundInDisclosure(chain);
    const trainer = at(job.world.trainers, 0);
    await job.reveal(trainer);
    await job.world.market.connect(trainer).leaveJob(job.id);
    await expect(job.enlist(trainer)).to.be.revertedWithCustomError(job.world.committees, "Committees_RoleTaken");
    const idle = await roundInTraining(chain);
    await idle.world.market.connect(at(idle.world.trainers, 0)).leaveJob(idle.id);
    await expect(idle.enlist(at(idle.world.trainers, 0))).to.be.revertedWithCustomError(
      idle.world.committees,
      "Committees_RoleTaken",
    );
    await expect(idle.commit(at(idle.world.trainers, 0), "judged by itself")).to.be.revertedWithCustomError(
      idle.world.rounds,
      "TrainingRounds_NotMember",
    );
  });

  it("withholding reveals to kill a job: burns k - q + 1 locks in each of two attempts, and pays the others", async () => {
    const job = await roundInDraw(chain, { enlisted: 7 });
    const burned: string[] = [];
    for (const attempt of [1n, 2n]) {
      // Five seats, four needed: two are held back.
      const hidden = { scores: [1, 2, 3], reveals: false, attests: undefined };
      await job.score({ honest: honestSeat([1, 2, 3], PRIVATE_RELEASE), seats: { 0: hidden, 1: hidden } });
      const holders = await job.holders();
      // Who enlists anew is not drawn in the same round.
      expect(holders.filter(({ address }) => burned.includes(address))).to.deep.equal([]);
      const killers = holders.slice(0, 2);
      await job.tally();
      expect(await job.world.registry.burned(job.terms.token)).to.equal(2n * attempt * job.terms.seatLock);
      expect((await job.world.market.validatorsPayOf(job.id, 1, attempt)).quality).to.be.greaterThan(0n);
      burned.push(...killers.map(({ address }) => address));
      if (attempt === 1n) await job.enlist(...killers);
    }
    expect(await job.phase()).to.equal("closed");
  });

  // Residual: needs half of the seats twice in a row.
  it("half of the seats deviating in both attempts: costs no lock, and voids what they deviate in", async () => {
    const job = await roundInDraw(chain, { enlisted: 4, terms: { holdout: HOLDOUT.public } });
    const [up, down] = [honestSeat([9_000, 2, 3], undefined), honestSeat([-9_000, 2, 3], undefined)];
    const plan = { honest: honestSeat([1, 2, 3], PUBLIC_RELEASE), seats: { 0: up, 1: down } };
    await job.score(plan);
    await job.tally();
    expect(await job.phase()).to.equal("draw");
    const budget = (job.terms.reward * 1_500n) / 10_000n / 2n;
    expect((await job.world.market.validatorsPayOf(job.id, 1, 1)).quality).to.equal(4n * (budget / 8n));

    const attests = { ...plan.honest, attests: PUBLIC_RELEASE };
    await job.judge({ honest: attests, seats: { 0: { ...up, attests: PUBLIC_RELEASE }, 1: down } });
    await job.settle(PUBLIC_RELEASE);
    expect(await job.world.panel.consensusOf(job.id, 1, 2)).to.deep.equal([BigInt(UNAVAILABLE), 2n, 3n]);
    expect((await job.trainersPay(1n)).earned).to.be.greaterThan(0n);
    expect(await job.round()).to.equal(2n);
    expect(await job.world.registry.burned(job.terms.token)).to.equal(0n);
  });

  it("leaving with the stake before the slash: a seat's lock stays until the attempt is over", async () => {
    const job = await roundInDraw(chain);
    await job.draw();
    const holder = at(await job.holders(), 0);
    const { registry, committees } = job.world;
    await registry.connect(holder).stake(job.terms.token, 5n, NO_PERMIT);
    await registry.connect(holder).thaw(job.terms.token, 5n);
    await expect(registry.connect(holder).thaw(job.terms.token, 1n)).to.be.revertedWithCustomError(
      registry,
      "StakeRegistry_InsufficientStake",
    );
    await expect(committees.connect(holder).delist(job.id)).to.be.revertedWithCustomError(
      committees,
      "Committees_ListFrozen",
    );
    for (const seat of [1, 2, 3, 4]) await job.commitScores(seat, [1, 2, 3]);
    await job.passScoring();
    for (const seat of [1, 2, 3, 4]) await job.revealScores(seat);
    await job.tally();
    // Stake that was not locked is not slashed.
    expect((await registry.thawing(job.terms.token, holder.address))[0]).to.equal(5n);
    expect(await registry.lockedStake(job.terms.token, holder.address, job.id)).to.equal(0n);
  });

  it("replaying what was sealed in the first attempt: opens nothing in the second", async () => {
    const job = await roundInDraw(chain);
    await job.score({ honest: honestSeat([1, 2, 3], PRIVATE_RELEASE), seats: { 0: SILENT_SEAT } });
    const again = at(await job.holders(), 1);
    const { packed, salt } = await job.scoresOpening(1);
    await job.tally();
    await job.passAttestation();
    await job.passSettlement();
    await job.failAttempt();
    await job.draw();
    const seat = (await job.holders()).findIndex(({ address }) => address === again.address);
    const { panel } = job.world;
    const sealed = await panel.sealedBy(job.id, again.address);
    await panel.connect(again).commitScores(job.id, seat, sealed.scores);
    await job.passScoring();
    await expect(panel.connect(again).revealScores(job.id, seat, packed, salt)).to.be.revertedWithCustomError(
      panel,
      "ScoringPanel_CommitmentMismatch",
    );
    await strangerCloses(job);
  });

  /** A round in Draw whose list had three validators, of which one left during Training. */
  async function roundAfterDelisting(): Promise<JobDriver> {
    const job = await roundInTraining(chain, { enlisted: 3 });
    await job.delist(at(job.world.validators, 0));
    await job.train(await job.ownUpdates(...job.world.trainers.slice(0, 3)));
    expect(await job.phase()).to.equal("draw");
    return job;
  }
});
