import { expect } from "chai";

import { type Chain, at, openChain } from "../../helpers/contracts/chain.ts";
import { everyoneExits, expectDrained, strangerCloses } from "../../helpers/contracts/exit.ts";
import {
  PRIVATE_RELEASE,
  SILENT_SEAT,
  honestSeat,
  roundInDisclosure,
  roundInDraw,
  roundInTraining,
} from "../../helpers/contracts/fixtures.ts";
import { NO_PERMIT } from "../../helpers/contracts/job-params.ts";

// Attacks by validators. Each test is named after an attack and its result; "Residual" marks accepted harm.
describe("Attacks on the draw and the committee", function () {
  this.timeout(60_000);
  let chain: Chain;
  before(async () => {
    chain = await openChain();
  });

  it("withholding an unwanted draw: the result does not depend on who draws, or when", async () => {
    const job = await roundInDraw(chain, { enlisted: 9 });
    await job.arm();
    const drawn: string[][] = [];
    for (const [caller, blocks] of [
      [job.world.stranger, 1],
      [at(job.world.validators, 8), 100],
      [at(job.world.trainers, 0), 254],
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

  it("arming again for another block hash: refused while the first is available", async () => {
    const job = await roundInDraw(chain, { enlisted: 9 });
    await job.arm();
    await chain.helpers.mine(200);
    await expect(job.arm()).to.be.revertedWithCustomError(job.world.committees, "Committees_AlreadyArmed");
  });

  it("enlisting or leaving once the block hash is known: the list is frozen", async () => {
    const job = await roundInDraw(chain, { enlisted: 6 });
    const { committees, registry, validators } = job.world;
    const late = at(validators, 7);
    await registry.connect(late).stake(job.terms.token, job.terms.seatLock, NO_PERMIT);
    await job.arm();
    await chain.helpers.mine(3);
    await expect(committees.connect(late).enlist(job.id)).to.be.revertedWithCustomError(
      committees,
      "Committees_ListFrozen",
    );
    await expect(committees.connect(at(validators, 0)).delist(job.id)).to.be.revertedWithCustomError(
      committees,
      "Committees_ListFrozen",
    );
  });

  it("freezing the list for ever by arming and never drawing: any stranger draws", async () => {
    const job = await roundInDraw(chain);
    for (const wait of [300, 300]) {
      await job.arm();
      await chain.helpers.mine(wait);
    }
    await job.armAndDraw();
    expect(await job.phase()).to.equal("scoring");
  });

  it("arming in the block of the last disclosure: leaves no block in between to leave the list", async () => {
    const job = await roundInDisclosure(chain);
    for (const trainer of job.world.trainers.slice(0, 3)) await job.reveal(trainer);
    await job.arm();
    const held = job.world.committees.connect(at(job.world.validators, 0)).delist(job.id);
    await expect(held).to.be.revertedWithCustomError(job.world.committees, "Committees_ListFrozen");
  });

  // Residual: validators may leave the list until the draw is armed.
  it("leaving the list once the updates are public: the round waits, anyone enlists, and the trainers are paid", async () => {
    const job = await roundInDraw(chain, { enlisted: 3 });
    const { committees, validators } = job.world;
    await committees.connect(at(validators, 0)).delist(job.id);
    await expect(job.arm()).to.be.revertedWithCustomError(committees, "Committees_TooFewEnlisted");
    await job.enlist(at(validators, 5));
    await job.judge({ honest: honestSeat([1, 2, 3], PRIVATE_RELEASE) });
    await job.settle(PRIVATE_RELEASE);
    expect((await job.trainersPay(1n)).earned).to.be.greaterThan(0n);
  });

  it("the same past the deadline: closes the job unpaid, and takes neither bond nor lock of anyone", async () => {
    const job = await roundInDraw(chain, { enlisted: 3 });
    await job.passDeadline();
    await job.world.committees.connect(at(job.world.validators, 0)).delist(job.id);
    await job.world.lifecycle.connect(job.world.initiator).closeJob(job.id);
    expect((await job.trainersPay(1n)).earned).to.equal(0n);
    await everyoneExits(job.world, [job]);
    await expectDrained(job.world, job.terms.token);
    for (const ledger of [job.world.market, job.world.registry]) {
      expect(await ledger.burned(job.terms.token)).to.equal(0n);
    }
  });

  it("judging one's own update: no member enlists, and who leaves to enlist has no update in the round", async () => {
    const job = await roundInDisclosure(chain);
    const trainer = at(job.world.trainers, 0);
    await job.reveal(trainer);
    await job.world.market.connect(trainer).leaveJob(job.id);
    await expect(job.enlist(trainer)).to.be.revertedWithCustomError(job.world.committees, "Committees_RoleTaken");
    const idle = await roundInTraining(chain);
    await idle.world.market.connect(at(idle.world.trainers, 0)).leaveJob(idle.id);
    await idle.enlist(at(idle.world.trainers, 0));
    await expect(idle.commit(at(idle.world.trainers, 0), "judged by itself")).to.be.revertedWithCustomError(
      idle.world.rounds,
      "TrainingRounds_NotMember",
    );
  });

  it("withholding reveals to kill a job: burns k - q + 1 locks in each of two attempts, and pays the others", async () => {
    const job = await roundInDraw(chain);
    for (const attempt of [1n, 2n]) {
      // Five seats, four needed: two are held back.
      const hidden = { scores: [1, 2, 3], reveals: false, attests: undefined };
      await job.score({ honest: honestSeat([1, 2, 3], PRIVATE_RELEASE), seats: { 0: hidden, 1: hidden } });
      const killers = (await job.holders()).slice(0, 2);
      await job.tally();
      expect(await job.world.registry.burned(job.terms.token)).to.equal(2n * attempt * job.terms.seatLock);
      expect((await job.world.market.validatorsPayOf(job.id, 1, attempt)).quality).to.be.greaterThan(0n);
      if (attempt === 1n) await job.enlist(...killers);
    }
    expect(await job.phase()).to.equal("closed");
  });

  // Residual: needs half of the seats twice in a row.
  it("half of the seats deviating in both attempts: costs no lock, pays half, and ends the job", async () => {
    const job = await roundInDraw(chain, { enlisted: 4, terms: { tolerance: 1, maxTolerance: 1 } });
    const [up, down] = [honestSeat([9_000, 9_000, 9_000], undefined), honestSeat([-9_000, -9_000, -9_000], undefined)];
    for (let attempt = 0; attempt < 2; attempt++) {
      await job.score({ honest: honestSeat([1, 2, 3], PRIVATE_RELEASE), seats: { 0: up, 1: down } });
      await job.tally();
    }
    expect(await job.phase()).to.equal("closed");
    expect(await job.world.registry.burned(job.terms.token)).to.equal(0n);
    const budget = (job.terms.reward * 1_500n) / 10_000n / 2n;
    const paid = await Promise.all([1, 2].map((attempt) => job.world.market.validatorsPayOf(job.id, 1, attempt)));
    for (const { quality } of paid) expect(quality).to.equal(4n * (budget / 8n));
  });

  it("leaving with the stake before the slash: a seat's lock stays until the attempt is over", async () => {
    const job = await roundInDraw(chain);
    await job.armAndDraw();
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
      "Committees_Seated",
    );
    await job.passScoring();
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
    await job.armAndDraw();
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
});
