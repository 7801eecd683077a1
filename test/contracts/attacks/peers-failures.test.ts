import { expect } from "chai";
import { AbiCoder, id, keccak256, parseEther } from "ethers";

import { type Chain, at, openChain } from "../../helpers/contracts/chain.ts";
import { digestOf, scoresCommitment, updateCommitment } from "../../helpers/contracts/commitments.ts";
import { everyoneExits, expectDrained, strangerCloses } from "../../helpers/contracts/exit.ts";
import {
  PRIVATE_RELEASE,
  PUBLIC_RELEASE,
  SILENT_SEAT,
  honestSeat,
  roundInDisclosure,
  roundInDraw,
  roundInReveal,
  roundInScoring,
  roundInSettlement,
  roundInTraining,
  secondRoundInTraining,
} from "../../helpers/contracts/fixtures.ts";
import { JobDriver } from "../../helpers/contracts/job-driver.ts";
import { HOLDOUT, budgetTerms } from "../../helpers/contracts/job-params.ts";
import { SealedHoldout } from "../../helpers/contracts/sealed-holdout.ts";
import { WEALTH, deployedMarket } from "../../helpers/contracts/world.ts";
import { examplesOf, protocolText, runExample } from "../../helpers/doc-examples.ts";

// Each test is named after a failure seen in another system, that system, and the behaviour here.
describe("What peers' contracts did to their users", function () {
  this.timeout(60_000);
  let chain: Chain;
  before(async () => {
    chain = await openChain();
  });

  it("1. a stranger published results naming itself and was paid (HealChain): here its word counts for nothing", async () => {
    const job = await roundInSettlement(chain);
    const { lifecycle, market, panel, stranger } = job.world;
    await expect(
      lifecycle.connect(stranger).recordSettlement(job.id, 1, {
        digest: digestOf("mine"),
        baseScore: 0,
        score: 0,
        holdoutUnreadable: false,
        quality: 1,
      }),
    ).to.be.revertedWithCustomError(lifecycle, "JobLifecycle_NotPanel");
    await expect(panel.connect(stranger).settle(job.id, digestOf("mine"), 0, 0)).to.be.revertedWithCustomError(
      panel,
      "ScoringPanel_NoMajority",
    );
    await job.settle(PRIVATE_RELEASE);
    await job.world.market.creditTrainers(job.id, 1, 7);
    await job.world.market.creditValidators(job.id, 1, 1, 31);
    expect(await market.withdrawable(job.terms.token, stranger.address)).to.equal(0n);
  });

  it("2. one payee that reverted froze all payouts, then the payer took them back (HealChain): here it harms itself alone", async () => {
    const world = await deployedMarket(chain);
    const token = await chain.ethers.deployContract("HostileToken");
    for (const user of world.everyone) await token.mint(user.address, WEALTH);
    const terms = budgetTerms(await token.getAddress(), await chain.helpers.time.latest(), { rounds: 1 });
    const job = await JobDriver.post(world, terms);
    const [frozen, other] = world.trainers;
    if (!frozen || !other) throw new Error("too few trainers");
    await job.join(frozen, other);
    await job.enlist(...world.validators.slice(0, 3));
    await job.open();
    const updates = await job.ownUpdates(frozen, other);
    await job.play({ updates, honest: honestSeat([100, 100], PRIVATE_RELEASE) });
    await token.setBlocked(frozen.address, true);
    await job.settle(PRIVATE_RELEASE);
    await world.market.creditTrainers(job.id, 1, 3);
    await world.market.connect(other).withdraw(token, other.address);
    const { earned } = await job.trainersPay(1n);
    expect(await world.market.withdrawable(token, frozen.address)).to.equal(earned / 2n);
    // The payer cannot take anything back: earned pay belongs to the payees.
    const refund = await world.market.withdrawable(token, world.initiator.address);
    expect(refund).to.be.at.most(terms.reward - earned);
    await token.setBlocked(frozen.address, false);
    await world.market.connect(frozen).withdraw(token, frozen.address);
    await everyoneExits(world, [job]);
    await expectDrained(world, terms.token);
  });

  it("3. the payer never revealed and got everything back (HealChain): here the work is paid, and its bond burns", async () => {
    const bond = parseEther("1000") + 8n;
    const holdout = new SealedHoldout(2);
    const job = await roundInDisclosure(chain, { holdout, terms: holdout.terms(bond) });
    for (const trainer of job.world.trainers.slice(0, 3)) await job.reveal(trainer);
    await job.passDisclosure();
    // The initiator does not open its holdout and stays silent; the committee scores on the public part.
    await job.judge({ honest: honestSeat([1, 2, 3], PRIVATE_RELEASE) });
    await job.settle(PRIVATE_RELEASE);
    expect(await job.phase()).to.equal("closed");
    expect(await job.world.market.burned(job.terms.token)).to.equal(bond);
    const { quality, attestation } = await job.world.market.validatorsPayOf(job.id, 1, 1);
    const paid = (await job.trainersPay(1n)).earned + quality + attestation;
    expect(paid).to.be.greaterThan(job.terms.reward / 3n);
    await everyoneExits(job.world, [job]);
    expect(await job.world.token.balanceOf(job.world.initiator)).to.equal(WEALTH - paid - bond);
    await expectDrained(job.world, job.terms.token);
  });

  it("4. payees stated their own contribution (CryptoFL, FedChain): here a trainer cannot score at all", async () => {
    const job = await roundInScoring(chain);
    const trainer = at(job.world.trainers, 0);
    const signed = await job.calls.termsHash();
    await expect(job.world.committees.connect(trainer).enlist(job.id, signed)).to.be.revertedWithCustomError(
      job.world.committees,
      "Committees_RoleTaken",
    );
    await expect(
      job.world.panel.connect(trainer).commitScores(job.id, 0, digestOf("ten thousand")),
    ).to.be.revertedWithCustomError(job.world.panel, "ScoringPanel_NotYourSeat");
  });

  it("5. loops over participants ran out of gas (CABFL, HealChain, Kleros): here gas is flat in their number", async () => {
    const wide = await openChain(64);
    const costs: bigint[] = [];
    for (const trainers of [3, 50]) {
      const job = await roundInTraining(wide, { population: { trainers, validators: 5 }, joined: trainers });
      for (const trainer of job.world.trainers.slice(0, 3)) await job.commit(trainer, trainer.address);
      await job.passTraining();
      for (const trainer of job.world.trainers.slice(0, 3)) await job.reveal(trainer);
      await job.judge({ honest: honestSeat([1, 2, 3], PRIVATE_RELEASE) });
      const receipt = await (await job.settle(PRIVATE_RELEASE)).wait();
      costs.push(receipt?.gasUsed ?? 0n);
    }
    expect(Number(costs[1])).to.be.closeTo(Number(costs[0]), 30_000);
  });

  it("6. scores could be read before sealing closed (Sapien): here nothing is revealed before Reveal", async () => {
    const job = await roundInScoring(chain);
    await job.commitScores(0, [1, 2, 3]);
    await expect(job.revealScores(0)).to.be.revertedWithCustomError(job.world.panel, "ScoringPanel_WrongPhase");
    const [, seats] = await job.world.panel.committeeOf(job.id, 1, 1);
    expect(at(seats, 0).revealed).to.equal(false);
  });

  it("7. a commitment not bound to its sender was copied (Sapien): here a copy opens nothing", async () => {
    const training = await roundInTraining(chain);
    const [honest, thief] = training.world.trainers;
    if (!honest || !thief) throw new Error("too few trainers");
    const [digest, salt] = [digestOf("the work"), digestOf("the salt")];
    const sealed = updateCommitment(await training.roundsPlace(), honest.address, digest, salt);
    for (const trainer of [honest, thief])
      await training.world.rounds.connect(trainer).commitUpdate(training.id, sealed);
    await training.passTraining();
    await training.world.rounds.connect(honest).revealUpdate(training.id, digest, salt);
    await expect(
      training.world.rounds.connect(thief).revealUpdate(training.id, digest, salt),
    ).to.be.revertedWithCustomError(training.world.rounds, "TrainingRounds_CommitmentMismatch");

    const scoring = await roundInScoring(chain);
    const [first, second] = await scoring.holders();
    if (!first || !second) throw new Error("too few seats");
    const copied = scoresCommitment(await scoring.panelPlace(), { attempt: 1n, validator: first.address }, [7n], salt);
    for (const [seat, holder] of [first, second].entries()) {
      await scoring.world.panel.connect(holder).commitScores(scoring.id, seat, copied);
    }
    await scoring.passScoring();
    await scoring.world.panel.connect(first).revealScores(scoring.id, 0, [7n], salt);
    await expect(
      scoring.world.panel.connect(second).revealScores(scoring.id, 1, [7n], salt),
    ).to.be.revertedWithCustomError(scoring.world.panel, "ScoringPanel_CommitmentMismatch");
  });

  it("8. two liars of five moved the mean freely: here the consensus stays among the honest", async () => {
    const job = await roundInDraw(chain, { terms: { holdout: HOLDOUT.public } });
    const liar = honestSeat([32_767, -30_000, 32_767], PUBLIC_RELEASE);
    const nearly = honestSeat([101, 201, 301], PUBLIC_RELEASE);
    await job.judge({
      honest: honestSeat([100, 200, 300], PUBLIC_RELEASE),
      seats: { 0: liar, 1: liar, 2: nearly },
    });
    const consensus = await job.world.panel.consensusOf(job.id, 1, 1);
    consensus.forEach((score, index) => expect(Number(score)).to.be.within(100 * (index + 1), 100 * (index + 1) + 1));
    // An honest seat that is off by one unit is not an outlier among equal scores.
    const { seats } = await job.committee();
    expect(seats.slice(2).every((seat) => seat.inBand === 3n)).to.equal(true);
  });

  it("9. cancelling stranded stake and took earned rewards (Sapien): here it pays what was earned and frees the rest", async () => {
    const job = await secondRoundInTraining(chain);
    await job.world.lifecycle.cancelJob(job.id);
    await job.passTraining();
    await job.world.lifecycle.closeJob(job.id);
    const earned = (await job.trainersPay(1n)).earned;
    await everyoneExits(job.world, [job]);
    await expectDrained(job.world, job.terms.token);
    const [a, b, c] = job.world.trainers;
    if (!a || !b || !c) throw new Error("too few trainers");
    const paid = await Promise.all([a, b, c].map((trainer) => job.world.token.balanceOf(trainer)));
    expect(paid.reduce((sum, amount) => sum + amount - WEALTH, 0n)).to.equal(earned);
  });

  it("10. late claimants got less (Sapien): here the last one's part is the same", async () => {
    const parts: bigint[] = [];
    for (const order of [
      [1, 2, 4],
      [4, 2, 1],
    ]) {
      const job = await secondRoundInTraining(chain);
      for (const bits of order) await job.world.market.creditTrainers(job.id, 1, bits);
      parts.push(await job.world.market.withdrawable(job.terms.token, at(job.world.trainers, 0).address));
    }
    expect(parts[0]).to.equal(parts[1]);
  });

  it("11. stake left before the slash (Sapien, HealChain): here a seat's lock cannot be moved", async () => {
    const job = await roundInScoring(chain);
    const holder = at(await job.holders(), 0);
    const { registry, committees } = job.world;
    await expect(committees.connect(holder).delist(job.id)).to.be.revertedWithCustomError(
      committees,
      "Committees_ListFrozen",
    );
    await expect(registry.connect(holder).thaw(job.terms.token, 1)).to.be.revertedWithCustomError(
      registry,
      "StakeRegistry_InsufficientStake",
    );
    for (const seat of [1, 2, 3, 4]) await job.commitScores(seat, [1, 2, 3]);
    await job.passScoring();
    for (const seat of [1, 2, 3, 4]) await job.revealScores(seat);
    await job.tally();
    expect(await registry.burned(job.terms.token)).to.equal(job.terms.seatLock);
  });

  it("12. one silent validator stalled the round (Sapien): here the others finish it", async () => {
    const job = await roundInDraw(chain);
    await job.judge({ honest: honestSeat([1, 2, 3], PRIVATE_RELEASE), seats: { 2: SILENT_SEAT } });
    await job.settle(PRIVATE_RELEASE);
    expect(await job.round()).to.equal(2n);
  });

  it("13. parameters changed under a running job (Sapien): here no function changes them", async () => {
    const job = await secondRoundInTraining(chain);
    const writers: string[] = [];
    job.world.market.interface.forEachFunction((fragment) => {
      const changes = /^(set|update|change|configure|upgrade|pause|transferOwnership)/i.test(fragment.name);
      if (changes && !fragment.constant) writers.push(fragment.name);
    });
    expect(writers).to.deep.equal([]);
    const kept = await job.world.book.paramsOf(job.id);
    expect(kept.reward).to.equal(job.terms.reward);
    expect(kept.deadline).to.equal(job.terms.deadline);
  });

  it("14. the documentation's hash was not the contract's (Sapien): here its examples run, and its formula opens what it sealed", async () => {
    const text = protocolText();
    const hashes = examplesOf(text).filter(({ code }) => code.includes("@commonweight/sdk/protocol/commitments"));
    expect(hashes.map(({ section }) => section)).to.deep.equal(["A job", "Updates", "Scores", "Attestation"]);
    for (const example of hashes) await runExample(example);

    const struct = /UPDATE_TYPEHASH = keccak256\("(Update\((.*?)\))"\)/.exec(text);
    const fields = (struct?.[2] ?? "").split(",").map((field) => field.split(" "));
    const job = await roundInTraining(chain);
    const trainer = at(job.world.trainers, 0);
    const { chainId, contract, jobId, round } = await job.roundsPlace();
    const [digest, salt] = [digestOf("the work"), digestOf("the salt")];
    const values: Record<string, unknown> = { chainId, rounds: contract, jobId, round, trainer: trainer.address };
    const encoded = AbiCoder.defaultAbiCoder().encode(
      ["bytes32", ...fields.map(([type = ""]) => type)],
      [id(struct?.[1] ?? ""), ...fields.map(([, name = ""]) => ({ ...values, digest, salt })[name])],
    );
    await job.world.rounds.connect(trainer).commitUpdate(job.id, keccak256(encoded));
    await job.passTraining();
    await job.world.rounds.connect(trainer).revealUpdate(job.id, digest, salt);
  });

  it("15. re-registering laundered trust (FLoBC): here who joins again begins at zero", async () => {
    const job = await roundInDraw(chain, { terms: { rounds: 3 } });
    const sinner = at(job.world.trainers, 0);
    await job.judge({ honest: honestSeat([-10_000, 100, 100], PRIVATE_RELEASE) });
    await job.settle(PRIVATE_RELEASE);
    await job.world.market.connect(sinner).leaveJob(job.id);
    await job.join(sinner);
    const [pool, value] = await job.world.trust.trustOf(job.id, sinner.address);
    expect(value).to.equal(0n);
    expect(pool.total).to.be.greaterThan(0n);
  });

  it("16. slashed money went to the payer, who profited from failure (AGIJobs): here it is burned", async () => {
    const job = await roundInScoring(chain);
    for (const seat of [0, 1, 2]) await job.commitScores(seat, [1, 2, 3]);
    await job.passScoring();
    for (const seat of [0, 1, 2]) await job.revealScores(seat);
    await strangerCloses(job);
    const { market, registry, initiator } = job.world;
    const paid = await Promise.all([1, 2].map((attempt) => market.validatorsPayOf(job.id, 1, attempt)));
    const work = paid.reduce((sum, { quality }) => sum + quality, 0n);
    await everyoneExits(job.world, [job]);
    expect(await job.world.token.balanceOf(initiator)).to.equal(WEALTH - work);
    expect(await registry.burned(job.terms.token)).to.equal(2n * job.terms.seatLock);
  });

  it("17. duplicate detection punished the victim (grail): here the earliest commitment keeps the value", async () => {
    const job = await roundInTraining(chain);
    const [victim, copycat] = job.world.trainers;
    if (!victim || !copycat) throw new Error("too few trainers");
    await job.commit(victim, "the work");
    await job.commit(copycat, "the work");
    await job.passTraining();
    await job.reveal(copycat);
    await job.reveal(victim);
    await job.judge({ honest: honestSeat([100, 100], PRIVATE_RELEASE) });
    await job.settle(PRIVATE_RELEASE);
    await job.world.market.creditTrainers(job.id, 1, 3);
    expect(await job.world.market.withdrawable(job.terms.token, copycat.address)).to.equal(0n);
    expect(await job.world.market.withdrawable(job.terms.token, victim.address)).to.equal(
      (await job.trainersPay(1n)).earned,
    );
  });

  it("18. validators went unpaid when every update was bad (HUMAN): here their work is paid all the same", async () => {
    const job = await roundInDraw(chain);
    await job.judge({ honest: honestSeat([-32_768, -32_768, -32_768], PRIVATE_RELEASE) });
    await job.settle(PRIVATE_RELEASE);
    const pay = await job.world.market.validatorsPayOf(job.id, 1, 1);
    expect(pay.quality + pay.attestation).to.equal((job.terms.reward * 1_500n) / 10_000n / 2n);
    const [, amounts] = await job.world.panel.sharesOf(job.id, 1, 1, pay.quality, pay.attestation);
    expect(amounts.every((amount) => amount > 0n)).to.equal(true);
  });

  // Not from the list of other systems' failures.
  it("a seat that kept its scores to itself earns nothing, even if it attests the winner", async () => {
    const job = await roundInReveal(chain);
    for (const seat of [0, 1, 2, 3]) await job.revealScores(seat);
    await job.passReveal();
    await job.tally();
    for (const seat of [0, 1, 2, 3, 4]) await job.attest(seat, PRIVATE_RELEASE);
    const silent = at(await job.holders(), 4);
    await job.settle(PRIVATE_RELEASE);
    await job.world.market.creditValidators(job.id, 1, 1, 31);
    expect(await job.world.market.withdrawable(job.terms.token, silent.address)).to.equal(0n);
    await strangerCloses(job);
    await everyoneExits(job.world, [job]);
    await expectDrained(job.world, job.terms.token);
  });
});
