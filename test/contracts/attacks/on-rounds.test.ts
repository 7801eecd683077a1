import { expect } from "chai";

import { type Chain, at, openChain } from "../../helpers/contracts/chain.ts";
import { digestOf, updateCommitment } from "../../helpers/contracts/commitments.ts";
import { everyoneExits, expectDrained } from "../../helpers/contracts/exit.ts";
import {
  PRIVATE_RELEASE,
  fundedJob,
  honestSeat,
  roundInDisclosure,
  roundInTraining,
  secondRoundInTraining,
  staffedJob,
} from "../../helpers/contracts/fixtures.ts";
import { type JobDriver } from "../../helpers/contracts/job-driver.ts";
import { NO_PERMIT, SYNC } from "../../helpers/contracts/job-params.ts";

/** The hostile token's mode. */
const RETURN_BOMB = 6;

// Attacks by trainers, or by an initiator that wants unpaid work. Each test is named after an attack and its result;
// "Residual" marks harm that the design accepts.
describe("Attacks on a job's rounds", function () {
  this.timeout(60_000);
  let chain: Chain;
  before(async () => {
    chain = await openChain();
  });

  it("copying a sealed update, or replaying it in another round, job or deployment: opens nothing", async () => {
    const job = await secondRoundInTraining(chain);
    const [thief, victim] = job.world.trainers;
    if (!thief || !victim) throw new Error("too few trainers");
    const [digest, salt] = [digestOf("the work"), digestOf("the salt")];
    const here = await job.roundsPlace();
    const other = await fundedJob(chain);
    const elsewhere = [
      updateCommitment(here, victim.address, digest, salt),
      updateCommitment({ ...here, round: 1n }, thief.address, digest, salt),
      updateCommitment({ ...here, jobId: 2n }, thief.address, digest, salt),
      updateCommitment({ ...here, contract: (await other.roundsPlace()).contract }, thief.address, digest, salt),
      updateCommitment({ ...here, chainId: 1n }, thief.address, digest, salt),
    ];
    for (const sealed of elsewhere) {
      const snapshot = await chain.helpers.takeSnapshot();
      await job.world.rounds.connect(thief).commitUpdate(job.id, sealed);
      await job.passTraining();
      await expect(job.world.rounds.connect(thief).revealUpdate(job.id, digest, salt)).to.be.revertedWithCustomError(
        job.world.rounds,
        "TrainingRounds_CommitmentMismatch",
      );
      await snapshot.restore();
    }
  });

  it("sealing many candidates and disclosing the best: costs the bond of each that stays hidden", async () => {
    const job = await roundInDisclosure(chain);
    await job.reveal(at(job.world.trainers, 0));
    await job.passDisclosure();
    for (const hidden of job.world.trainers.slice(1, 3)) await job.world.market.releaseBond(job.id, hidden.address);
    expect(await job.world.market.burned(job.terms.token)).to.equal(2n * job.terms.bond);
  });

  it("getting the bond back for what stayed hidden: by leaving, by waiting, after the end of the job: burned", async () => {
    const ways: ((job: JobDriver) => Promise<unknown>)[] = [
      (job) => job.world.market.connect(at(job.world.trainers, 0)).leaveJob(job.id),
      async (job) => {
        await job.open();
        await job.world.market.connect(at(job.world.trainers, 0)).leaveJob(job.id);
      },
      async (job) => {
        await job.world.lifecycle.connect(job.world.initiator).cancelJob(job.id);
        await job.world.market
          .connect(at(job.world.trainers, 0))
          .releaseBond(job.id, at(job.world.trainers, 0).address);
      },
    ];
    for (const way of ways) {
      const job = await roundInTraining(chain, { terms: { minTrainers: 1 } });
      await job.commit(at(job.world.trainers, 0), "hidden");
      await job.passTraining();
      await job.passDisclosure();
      await way(job);
      expect(await job.world.market.burned(job.terms.token)).to.equal(job.terms.bond);
    }
  });

  it("leaving between sealing and disclosure, or at the phase's border: refused, then burned", async () => {
    const job = await roundInDisclosure(chain);
    const trainer = at(job.world.trainers, 0);
    await job.reveal(at(job.world.trainers, 1));
    const { disclosureEnd } = await job.facts();
    await chain.helpers.time.increaseTo(disclosureEnd - 2n);
    // A call, so that no block is mined where the witness's has to be.
    await expect(job.world.market.connect(trainer).leaveJob.staticCall(job.id)).to.be.revertedWithCustomError(
      job.world.rounds,
      "TrainingRounds_MustReveal",
    );
    await job.passDisclosure();
    await expect(job.world.market.connect(trainer).leaveJob(job.id)).to.emit(job.world.market, "Burned");
  });

  it("delaying every round by idle members who leave and join again: at most a period each, for the price of gas", async () => {
    const job = await roundInTraining(chain, { terms: { rounds: 3 } });
    const idler = at(job.world.trainers, 2);
    for (const round of [1n, 2n]) {
      expect(await job.round()).to.equal(round);
      const { trainingStart } = await job.facts();
      for (const trainer of job.world.trainers.slice(0, 2)) await job.commit(trainer, `${trainer.address} ${round}`);
      expect(await job.phase()).to.equal("training");
      await job.passTraining();
      expect(await job.now()).to.be.at.most(Number(trainingStart) + job.terms.trainingPeriod + 1);
      await job.world.market.connect(idler).leaveJob(job.id);
      await job.join(idler);
      for (const trainer of job.world.trainers.slice(0, 2)) await job.reveal(trainer);
      await job.judge({ honest: honestSeat([1, 2], PRIVATE_RELEASE) });
      await job.settle(PRIVATE_RELEASE);
    }
  });

  // Residual without minTraining: a round does not wait for members who missed one, so the others can close it at once.
  it("closing Training at once on members who missed a round: prevented by minTraining or by joining again", async () => {
    for (const minTraining of [0, 500]) {
      const job = await roundInTraining(chain, { terms: { rounds: 4, minTraining } });
      const [fast, slow, third] = job.world.trainers;
      if (!fast || !slow || !third) throw new Error("too few trainers");
      await job.play({ updates: await job.ownUpdates(fast), honest: honestSeat([1], PRIVATE_RELEASE) });
      await job.settle(PRIVATE_RELEASE);
      await job.commit(fast, "within seconds");
      expect(await job.phase()).to.equal(minTraining === 0 ? "disclosure" : "training");
      if (minTraining > 0) await job.commit(slow, "in time");
      await job.world.market.connect(third).leaveJob(job.id);
      await job.join(third);
      await job.passTraining();
      await job.reveal(fast);
      if (minTraining > 0) await job.reveal(slow);
      await job.passDisclosure();
      await job.judge({ honest: honestSeat(minTraining > 0 ? [1, 1] : [1], PRIVATE_RELEASE) });
      await job.settle(PRIVATE_RELEASE);
      expect((await job.facts()).expected).to.equal(minTraining > 0 ? 3n : 2n);
    }
  });

  // Residual: a place in a round costs only a bond, which is returned.
  it("taking every place of a round: needs a bond for each, earns nothing, and is shut out by an invitation", async () => {
    const job = await roundInTraining(chain, { joined: 3, terms: { maxUpdates: 2, rounds: 1 } });
    const [first, second, honest] = job.world.trainers;
    if (!first || !second || !honest) throw new Error("too few trainers");
    await job.commit(first, "junk");
    await job.commit(second, "more junk");
    await expect(job.commit(honest, "work")).to.be.revertedWithCustomError(
      job.world.rounds,
      "TrainingRounds_RoundFull",
    );
    await job.passTraining();
    await job.reveal(first);
    await job.reveal(second);
    await job.judge({ honest: honestSeat([-32_768, 0], PRIVATE_RELEASE) });
    await job.settle(PRIVATE_RELEASE);
    expect((await job.trainersPay(1n)).earned).to.equal(0n);
  });

  it("rushing a barrierless round: closes it, but not before minTraining, and takes nobody's membership", async () => {
    const terms = { sync: SYNC.bap, releaseCount: 1, releaseBps: 10_000, minTraining: 300 };
    const job = await roundInTraining(chain, { terms });
    await job.commit(at(job.world.trainers, 0), "at once");
    await job.commit(at(job.world.trainers, 1), "trained");
    expect((await job.facts()).committed).to.equal(2n);
    expect((await job.calls.roster()).members).to.equal(3n);
  });

  describe("cancelling at the best moment", () => {
    const after = [
      "training",
      "disclosure",
      "draw",
      "scoring",
      "reveal",
      "tally",
      "attestation",
      "settlement",
    ] as const;
    for (const phase of after) {
      it(`in ${phase}: the round is paid all the same`, async () => {
        const job = await roundInTraining(chain);
        const cancel = async () => {
          if ((await job.phase()) === phase) await job.world.lifecycle.connect(job.world.initiator).cancelJob(job.id);
        };
        const trainers = job.world.trainers.slice(0, 3);
        await job.commit(at(trainers, 0), "0");
        await cancel();
        for (const index of [1, 2]) await job.commit(at(trainers, index), `${index}`);
        if (phase !== "training") await cancel();
        for (const trainer of trainers) await job.reveal(trainer);
        if (phase === "draw") await cancel();
        await job.draw();
        if (phase === "scoring") await cancel();
        for (const seat of [0, 1, 2, 3, 4]) await job.commitScores(seat, [1, 2, 3]);
        if (phase === "reveal") await cancel();
        for (const seat of [0, 1, 2, 3, 4]) await job.revealScores(seat);
        if (phase === "tally") await cancel();
        await job.tally();
        if (phase === "attestation") await cancel();
        for (const seat of [0, 1, 2, 3, 4]) await job.attest(seat, PRIVATE_RELEASE);
        if (phase === "settlement") await cancel();
        expect((await job.job()).cancelled).to.equal(true);
        await job.settle(PRIVATE_RELEASE);
        expect(await job.phase()).to.equal("closed");
        const trainersPart = job.terms.reward - (job.terms.reward * 1_500n) / 10_000n;
        expect((await job.trainersPay(1n)).earned).to.equal(trainersPart / 2n);
        await everyoneExits(job.world, [job]);
        await expectDrained(job.world, job.terms.token);
      });
    }
  });

  it("joining a job that is over: takes a bond that comes back at once", async () => {
    const job = await staffedJob(chain);
    await job.passDeadline();
    const late = at(job.world.trainers, 4);
    await job.join(late);
    await job.world.market.connect(late).leaveJob(job.id);
    expect(await job.world.market.withdrawable(job.terms.token, late)).to.equal(job.terms.bond);
  });

  it("a permit that re-enters: acts in the token's own name, and pays for nobody", async () => {
    const job = await staffedJob(chain);
    const { market, lifecycle, registry, stranger } = job.world;
    const token = await chain.ethers.deployContract("HostileToken");
    await token.mint(stranger.address, 1_000n);
    const permit = { ...NO_PERMIT, deadline: 1n };
    for (const [target, data] of [
      [market, market.interface.encodeFunctionData("joinJob", [job.id, await job.calls.termsHash(), [], NO_PERMIT])],
      [market, market.interface.encodeFunctionData("withdraw", [job.terms.token, stranger.address])],
      [lifecycle, lifecycle.interface.encodeFunctionData("closeJob", [job.id])],
      [registry, registry.interface.encodeFunctionData("stake", [job.terms.token, 1, NO_PERMIT])],
    ] as const) {
      await token.reenter(target, data);
      await registry.connect(stranger).stake(token, 10n, permit);
      expect(await token.reentered()).to.equal(false);
      expect(await token.balanceOf(registry)).to.equal(await registry.liabilities(token));
    }
  });

  it("a permit that returns a megabyte: has no effect on the payment", async () => {
    const { world } = await fundedJob(chain);
    const token = await chain.ethers.deployContract("HostileToken");
    await token.mint(world.stranger.address, 1_000n);
    await token.setMode(RETURN_BOMB);
    await world.registry.connect(world.stranger).stake(token, 10n, { ...NO_PERMIT, deadline: 1n });
    expect(await world.registry.liabilities(token)).to.equal(10n);
  });
});
