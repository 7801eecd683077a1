import { expect } from "chai";
import { ZeroAddress, ZeroHash, encodeBytes32String } from "ethers";

import { type Chain, at, openChain } from "../helpers/contracts/chain.ts";
import { digestOf, randomSalt, updateCommitment } from "../helpers/contracts/commitments.ts";
import {
  PRIVATE_RELEASE,
  PUBLIC_RELEASE,
  SILENT_SEAT,
  confirmingRoundInDraw,
  fundedJob,
  honestSeat,
  roundInDisclosure,
  roundInDraw,
  roundInScoring,
  roundInSettlement,
  roundInTraining,
  secondRoundInTraining,
  staffedJob,
} from "../helpers/contracts/fixtures.ts";
import type { JobDriver } from "../helpers/contracts/job-driver.ts";
import {
  HOLDOUT,
  INITIAL_MODEL,
  type JobTerms,
  OUTCOME,
  PHASE,
  SCORING,
  budgetTerms,
  milestoneTerms,
  NO_PERMIT,
} from "../helpers/contracts/job-params.ts";
import { WEALTH, deployedMarket } from "../helpers/contracts/world.ts";

const DAY = 86_400;

describe("TrainingMarket", function () {
  this.timeout(60_000);
  let chain: Chain;
  before(async () => {
    chain = await openChain();
  });

  describe("postJob", () => {
    const over = 10_001;
    const huge = (1n << 120n) + 1n;
    const bad: [string, Partial<JobTerms>][] = [
      ["token", { token: ZeroAddress }],
      ["reward", { reward: 0n }],
      ["reward", { reward: huge }],
      ["bond", { bond: 0n }],
      ["bond", { bond: huge }],
      ["seatLock", { seatLock: 0n }],
      ["seatLock", { seatLock: huge }],
      ["validatorShareBps", { validatorShareBps: 0 }],
      ["validatorShareBps", { validatorShareBps: 10_000 }],
      ["rounds", { rounds: 0 }],
      ["rounds", { rounds: over }],
      ["maxUpdates", { maxUpdates: 0 }],
      ["maxUpdates", { maxUpdates: 65 }],
      ["committeeSize", { committeeSize: 2 }],
      ["committeeSize", { committeeSize: 32 }],
      ["minTrainers", { minTrainers: 0 }],
      ["minValidators", { minValidators: 2 }],
      ["holdout", { holdout: HOLDOUT.none }],
      ["scoring", { scoring: SCORING.none }],
      ["tolerance", { tolerance: 0 }],
      ["maxTolerance", { tolerance: 10, maxTolerance: 9 }],
      ["noiseFloor", { noiseFloor: over }],
      ["margin", { margin: over }],
      ["targetScore", { holdout: HOLDOUT.own, targetScore: 1 }],
      ["targetScore", { holdout: HOLDOUT.public, targetScore: over }],
      ["trainingPeriod", { trainingPeriod: 0 }],
      ["trainingPeriod", { trainingPeriod: 30 * DAY + 1 }],
      ["minTraining", { trainingPeriod: 10, minTraining: 11 }],
      ["disclosurePeriod", { disclosurePeriod: 0 }],
      ["scoringPeriod", { scoringPeriod: 30 * DAY + 1 }],
      ["revealPeriod", { revealPeriod: 0 }],
      ["attestationPeriod", { attestationPeriod: 30 * DAY + 1 }],
      ["settlementPeriod", { settlementPeriod: 0 }],
      ["deadline", { deadline: 1 }],
      ["deadline", { deadline: 2 ** 39 }],
      ["milestones", { scoring: SCORING.accuracy, holdout: HOLDOUT.public, milestones: list([0, 0], [1, 10_000]) }],
      ["milestones", contribution([100, 0])],
      ["milestones", contribution(...Array.from({ length: 9 }, (_, i): Point => [i, i === 8 ? 10_000 : 0]))],
      ["milestones", { ...contribution([0, 0], [1, 10_000]), holdout: HOLDOUT.own }],
      ["milestones", contribution([0, 1], [1, 10_000])],
      ["milestones", contribution([5, 0], [5, 10_000])],
      ["milestones", contribution([0, 0], [2, 6_000], [3, 5_000], [4, 10_000])],
      ["milestones", contribution([0, 0], [1, 9_999])],
      ["milestones", contribution([0, 0], [over, 10_000])],
      ["specDigest", { specDigest: ZeroHash }],
      ["modelDigest", { modelDigest: ZeroHash }],
    ];
    for (const [name, change] of bad) {
      it(`reverts where ${name} is ${shown(change)}`, async () => {
        const { book, market, token } = await deployedMarket(chain, { trainers: 0, validators: 0 });
        const terms = budgetTerms(await token.getAddress(), await chain.helpers.time.latest(), change);
        await expect(market.postJob(terms, NO_PERMIT))
          .to.be.revertedWithCustomError(book, "JobBook_BadParameter")
          .withArgs(encodeBytes32String(name));
      });
    }
    it("reverts without an allowance for the reward", async () => {
      const { book, market, token, stranger } = await deployedMarket(chain, { trainers: 0, validators: 0 });
      await token.connect(stranger).approve(market, 0);
      const terms = budgetTerms(await token.getAddress(), await chain.helpers.time.latest());
      await expect(market.connect(stranger).postJob(terms, NO_PERMIT)).to.be.revertedWithCustomError(
        token,
        "ERC20InsufficientAllowance",
      );
      expect(await book.jobCount()).to.equal(0);
    });
    it("accepts the bounds", async () => {
      const { book, market, token } = await deployedMarket(chain, { trainers: 0, validators: 0 });
      const now = await chain.helpers.time.latest();
      const address = await token.getAddress();
      const widest = Array.from({ length: 8 }, (_, i) => ({
        scoreBps: i === 7 ? 10_000 : i,
        shareBps: i === 7 ? 10_000 : 0,
      }));
      const lists: Partial<JobTerms>[] = [
        { validatorShareBps: 9_999, rounds: 10_000, maxUpdates: 64, committeeSize: 31, targetScore: 10_000 },
        { validatorShareBps: 1, rounds: 1, maxUpdates: 1, committeeSize: 3, milestones: widest },
        { trainingPeriod: 30 * DAY, minTraining: 30 * DAY, deadline: now + 3 * 365 * DAY },
        { reward: 1n, bond: 1n, seatLock: 1n, deadline: now + 100, noiseFloor: 10_000, margin: 10_000 },
      ];
      for (const change of lists) await market.postJob(milestoneTerms(address, now, change), NO_PERMIT);
      expect(await book.jobCount()).to.equal(lists.length);
    });
    it("takes the reward, keeps the parameters and waits", async () => {
      const { rounds, book, market, token, initiator } = await deployedMarket(chain);
      const terms = milestoneTerms(await token.getAddress(), await chain.helpers.time.latest());
      const posting = market.connect(initiator).postJob(terms, NO_PERMIT);
      await expect(posting)
        .to.emit(market, "JobPosted")
        .withArgs(1, initiator.address, token, terms.reward, terms.specDigest, INITIAL_MODEL);
      await expect(posting).to.emit(market, "Deposited").withArgs(token, initiator.address, terms.reward);
      await expect(posting).to.changeTokenBalances(
        chain.ethers,
        token,
        [initiator, market],
        [-terms.reward, terms.reward],
      );
      const kept = await book.paramsOf(1);
      for (const key of Object.keys(terms) as (keyof JobTerms)[]) {
        if (key === "milestones") continue;
        expect(kept[key], key).to.equal(terms[key]);
      }
      expect(kept.milestones.map((point) => [point.scoreBps, point.shareBps])).to.deep.equal(
        terms.milestones.map((point) => [BigInt(point.scoreBps), BigInt(point.shareBps)]),
      );
      expect(await rounds.phaseAt(1, await chain.helpers.time.latest())).to.equal(PHASE.waiting);
      expect(await rounds.phaseAt(2, await chain.helpers.time.latest())).to.equal(PHASE.none);
      expect(await rounds.isOpen(1)).to.equal(true);
      expect(await rounds.isOpen(2)).to.equal(false);
      expect((await rounds.jobOf(1)).modelDigest).to.equal(INITIAL_MODEL);
    });
  });

  describe("cancelJob", () => {
    it("reverts for anyone but the initiator", async () => {
      const { world, id } = await fundedJob(chain);
      await expect(world.rounds.connect(world.stranger).cancelJob(id))
        .to.be.revertedWithCustomError(world.rounds, "JobRounds_NotInitiator")
        .withArgs(id, world.stranger.address);
    });
    it("reverts for a job that is closed", async () => {
      const { world, id } = await fundedJob(chain);
      await world.rounds.cancelJob(id);
      await expect(world.rounds.cancelJob(id))
        .to.be.revertedWithCustomError(world.rounds, "JobRounds_WrongPhase")
        .withArgs(id, PHASE.closed);
    });
    it("reverts for a job that is cancelled", async () => {
      const { world, id } = await roundInTraining(chain);
      await world.rounds.cancelJob(id);
      await expect(world.rounds.cancelJob(id))
        .to.be.revertedWithCustomError(world.rounds, "JobRounds_WrongPhase")
        .withArgs(id, PHASE.training);
    });
    it("closes at once and refunds where no round runs", async () => {
      const job = await staffedJob(chain);
      const cancelling = job.world.rounds.cancelJob(job.id);
      await expect(cancelling).to.emit(job.world.rounds, "JobCancelled").withArgs(job.id);
      await expect(cancelling).to.emit(job.world.market, "JobClosed").withArgs(job.id, job.terms.reward);
      await expect(cancelling)
        .to.emit(job.world.market, "Credited")
        .withArgs(job.terms.token, job.world.initiator.address, job.terms.reward);
      expect(await job.phase()).to.equal("closed");
    });
    it("writes down a round without updates", async () => {
      const job = await roundInTraining(chain);
      await job.passTraining();
      await expect(job.world.rounds.cancelJob(job.id))
        .to.emit(job.world.rounds, "RoundEnded")
        .withArgs(job.id, 1, OUTCOME.empty);
    });
    it("lets the running round be scored and paid, and opens no other", async () => {
      const job = await roundInDraw(chain);
      await expect(job.world.rounds.cancelJob(job.id)).not.to.emit(job.world.market, "JobClosed");
      await job.judge({ honest: honestSeat([1, 2, 3], PRIVATE_RELEASE) });
      await expect(job.settle(PRIVATE_RELEASE)).to.emit(job.world.market, "JobClosed");
      expect((await job.trainersPay(1n)).earned).to.be.greaterThan(0n);
    });
    it("confirms first what waits for confirmation", async () => {
      const job = await secondRoundInTraining(chain, { milestones: true });
      await job.passTraining();
      await expect(job.world.rounds.cancelJob(job.id))
        .to.emit(job.world.rounds, "RoundOpened")
        .withArgs(job.id, 3, true, (time: bigint) => time > 0n);
      await job.judge({ honest: honestSeat([], PUBLIC_RELEASE) });
      await job.settle(PUBLIC_RELEASE);
      // Released at 5,000 and found at 1,000, where the price list begins.
      expect((await job.trainersPay(1n)).earned).to.equal(0n);
      expect((await job.job()).best).to.equal(1_000n);
      expect(await job.phase()).to.equal("closed");
    });
  });

  describe("joinJob", () => {
    it("reverts for a job that does not exist", async () => {
      const { rounds, market } = await deployedMarket(chain);
      await expect(market.joinJob(7, [], NO_PERMIT))
        .to.be.revertedWithCustomError(rounds, "JobRounds_WrongPhase")
        .withArgs(7, PHASE.none);
    });
    it("reverts for a closed job", async () => {
      const { world, id } = await fundedJob(chain);
      await world.rounds.cancelJob(id);
      await expect(world.market.connect(at(world.trainers, 0)).joinJob(id, [], NO_PERMIT))
        .to.be.revertedWithCustomError(world.rounds, "JobRounds_WrongPhase")
        .withArgs(id, PHASE.closed);
    });
    it("reverts for a cancelled job", async () => {
      const { world, id } = await roundInTraining(chain);
      await world.rounds.cancelJob(id);
      await expect(world.market.connect(at(world.trainers, 4)).joinJob(id, [], NO_PERMIT))
        .to.be.revertedWithCustomError(world.rounds, "JobRounds_NoMoreRounds")
        .withArgs(id);
    });
    it("reverts for the initiator, members and enlisted validators", async () => {
      const { world, id } = await staffedJob(chain);
      for (const account of [world.initiator, at(world.trainers, 0), at(world.validators, 0)]) {
        await expect(world.market.connect(account).joinJob(id, [], NO_PERMIT))
          .to.be.revertedWithCustomError(world.rounds, "JobRounds_RoleTaken")
          .withArgs(id, account.address);
      }
    });
    it("makes the caller a member from the next round on and takes its bond", async () => {
      const { world, id, terms } = await roundInTraining(chain);
      const trainer = at(world.trainers, 3);
      const joining = world.market.connect(trainer).joinJob(id, [], NO_PERMIT);
      await expect(joining).to.emit(world.rounds, "Joined").withArgs(id, trainer.address, 2, 3);
      await expect(joining).to.changeTokenBalances(
        chain.ethers,
        world.token,
        [trainer, world.market],
        [-terms.bond, terms.bond],
      );
      const member = await world.rounds.memberOf(id, trainer.address);
      expect([member.since, member.number]).to.deep.equal([2n, 3n]);
      expect(await world.rounds.isParticipant(id, trainer.address)).to.equal(true);
      expect((await world.rounds.jobOf(id)).members).to.equal(4n);
    });
  });

  describe("leaveJob", () => {
    it("reverts for anyone but a member", async () => {
      const { world, id } = await staffedJob(chain);
      await expect(world.market.connect(world.stranger).leaveJob(id))
        .to.be.revertedWithCustomError(world.rounds, "JobRounds_NotMember")
        .withArgs(id, world.stranger.address);
    });
    it("reverts for a member that leaves already", async () => {
      const { world, id } = await roundInDraw(chain);
      const trainer = at(world.trainers, 0);
      await world.market.connect(trainer).leaveJob(id);
      await expect(world.market.connect(trainer).leaveJob(id))
        .to.be.revertedWithCustomError(world.rounds, "JobRounds_Leaving")
        .withArgs(id, trainer.address);
    });
    it("reverts between commitment and disclosure", async () => {
      const job = await roundInTraining(chain);
      const trainer = at(job.world.trainers, 0);
      await job.commit(trainer, "an update");
      await expect(job.world.market.connect(trainer).leaveJob(job.id))
        .to.be.revertedWithCustomError(job.world.rounds, "JobRounds_MustReveal")
        .withArgs(job.id, trainer.address);
    });
    it("credits the bond at once where no round runs", async () => {
      const { world, id, terms } = await staffedJob(chain);
      const trainer = at(world.trainers, 0);
      const leaving = world.market.connect(trainer).leaveJob(id);
      await expect(leaving).to.emit(world.rounds, "Left").withArgs(id, trainer.address, false);
      await expect(leaving).to.emit(world.market, "Credited").withArgs(terms.token, trainer.address, terms.bond);
      const job = await world.rounds.jobOf(id);
      expect([job.members, job.expected]).to.deep.equal([2n, 2n]);
      expect((await world.rounds.memberOf(id, trainer.address)).since).to.equal(0n);
    });
    it("closes Training where only the leaving member was waited for", async () => {
      const job = await roundInTraining(chain);
      await job.commit(at(job.world.trainers, 0), "one");
      await job.commit(at(job.world.trainers, 1), "two");
      await job.world.market.connect(at(job.world.trainers, 2)).leaveJob(job.id);
      const facts = await job.facts();
      expect([facts.closedEarly, facts.expected, facts.trainingEnd]).to.deep.equal([true, 2n, BigInt(await job.now())]);
      expect(await job.phase()).to.equal("disclosure");
    });
    it("ends nothing early where everyone expected leaves", async () => {
      const job = await roundInTraining(chain);
      for (const trainer of job.world.trainers.slice(0, 3)) await job.world.market.connect(trainer).leaveJob(job.id);
      expect(await job.phase()).to.equal("training");
    });
    it("returns the bond of a newcomer before its first round", async () => {
      const job = await roundInTraining(chain);
      const trainer = at(job.world.trainers, 3);
      await job.join(trainer);
      await job.world.market.connect(trainer).leaveJob(job.id);
      expect((await job.facts()).expected).to.equal(3n);
      expect((await job.job()).expected).to.equal(0n);
    });
    it("returns the bond of a member that missed a round", async () => {
      const job = await secondRoundWithIdler();
      const idler = at(job.world.trainers, 2);
      expect((await job.facts()).expected).to.equal(2n);
      await job.world.market.connect(idler).leaveJob(job.id);
      expect((await job.facts()).expected).to.equal(2n);
      expect(await job.world.market.withdrawable(job.terms.token, idler.address)).to.equal(job.terms.bond);
    });
    it("waits for the round's end where an update was disclosed in it", async () => {
      const job = await roundInDraw(chain);
      const trainer = at(job.world.trainers, 0);
      await expect(job.world.market.connect(trainer).leaveJob(job.id)).not.to.emit(job.world.rounds, "Left");
      expect((await job.facts()).leaving).to.equal(1n);
      await expect(job.world.market.releaseBond(job.id, trainer.address))
        .to.be.revertedWithCustomError(job.world.rounds, "JobRounds_BondHeld")
        .withArgs(job.id, trainer.address);
      await job.judge({ honest: honestSeat([1, 2, 3], PRIVATE_RELEASE) });
      await job.settle(PRIVATE_RELEASE);
      expect((await job.facts()).expected).to.equal(2n);
      await expect(job.commit(trainer, "more"))
        .to.be.revertedWithCustomError(job.world.rounds, "JobRounds_Leaving")
        .withArgs(job.id, trainer.address);
      await expect(job.world.market.releaseBond(job.id, trainer.address))
        .to.emit(job.world.rounds, "Left")
        .withArgs(job.id, trainer.address, false);
    });
    it("burns the bond where a commitment was not disclosed in time", async () => {
      const job = await roundInDisclosure(chain);
      const trainer = at(job.world.trainers, 0);
      await job.reveal(at(job.world.trainers, 1));
      await job.passDisclosure();
      const leaving = job.world.market.connect(trainer).leaveJob(job.id);
      await expect(leaving).to.emit(job.world.rounds, "Left").withArgs(job.id, trainer.address, true);
      await expect(leaving).to.emit(job.world.market, "Burned").withArgs(job.terms.token, job.terms.bond);
    });
    it("works during the confirming round", async () => {
      const job = await confirmingRoundInDraw(chain);
      const trainer = at(job.world.trainers, 0);
      await expect(job.world.market.connect(trainer).leaveJob(job.id))
        .to.emit(job.world.rounds, "Left")
        .withArgs(job.id, trainer.address, false);
    });
  });

  describe("commitUpdate", () => {
    it("reverts outside Training", async () => {
      const waiting = await staffedJob(chain);
      await expect(waiting.commit(at(waiting.world.trainers, 0), "early"))
        .to.be.revertedWithCustomError(waiting.world.rounds, "JobRounds_WrongPhase")
        .withArgs(waiting.id, PHASE.waiting);
      const drawing = await roundInDraw(chain);
      await expect(drawing.commit(at(drawing.world.trainers, 0), "late"))
        .to.be.revertedWithCustomError(drawing.world.rounds, "JobRounds_WrongPhase")
        .withArgs(drawing.id, PHASE.draw);
    });
    it("reverts for a zero commitment", async () => {
      const { world, id } = await roundInTraining(chain);
      await expect(
        world.rounds.connect(at(world.trainers, 0)).commitUpdate(id, ZeroHash),
      ).to.be.revertedWithCustomError(world.rounds, "JobRounds_ZeroDigest");
    });
    it("reverts for strangers and for newcomers before their first round", async () => {
      const job = await roundInTraining(chain);
      await job.join(at(job.world.trainers, 3));
      for (const account of [job.world.stranger, at(job.world.trainers, 3)]) {
        await expect(job.commit(account, "uninvited"))
          .to.be.revertedWithCustomError(job.world.rounds, "JobRounds_NotMember")
          .withArgs(job.id, account.address);
      }
    });
    it("reverts for a member that did not disclose an earlier update", async () => {
      const job = await roundInDisclosure(chain);
      const silent = at(job.world.trainers, 0);
      for (const trainer of job.world.trainers.slice(1, 3)) await job.reveal(trainer);
      await job.passDisclosure();
      await job.judge({ honest: honestSeat([1, 2], PRIVATE_RELEASE) });
      await job.settle(PRIVATE_RELEASE);
      await expect(job.commit(silent, "again"))
        .to.be.revertedWithCustomError(job.world.rounds, "JobRounds_NotMember")
        .withArgs(job.id, silent.address);
    });
    it("reverts when the round is full, but lets a sealed update be replaced", async () => {
      const job = await roundInTraining(chain, { terms: { maxUpdates: 2 } });
      await job.commit(at(job.world.trainers, 0), "one");
      await job.commit(at(job.world.trainers, 1), "two");
      await expect(job.commit(at(job.world.trainers, 2), "three"))
        .to.be.revertedWithCustomError(job.world.rounds, "JobRounds_RoundFull")
        .withArgs(job.id, 2);
      await job.commit(at(job.world.trainers, 0), "one, better");
      expect((await job.facts()).committed).to.equal(2n);
    });
    it("seals, and closes Training once everyone expected has committed", async () => {
      const job = await roundInTraining(chain);
      await job.commit(at(job.world.trainers, 0), "one");
      const sealing = job.commit(at(job.world.trainers, 1), "two");
      await expect(sealing)
        .to.emit(job.world.rounds, "UpdateCommitted")
        .withArgs(job.id, 1, at(job.world.trainers, 1).address, (value: string) => value !== ZeroHash);
      expect(await job.phase()).to.equal("training");
      await job.commit(at(job.world.trainers, 2), "three");
      const facts = await job.facts();
      const now = BigInt(await job.now());
      expect([facts.trainingEnd, facts.disclosureEnd]).to.deep.equal([now, now + 1_000n]);
      expect([facts.expectedCommitted, facts.committed, facts.orders]).to.deep.equal([3n, 3n, 3n]);
    });
    it("does not close before minTraining, and not twice", async () => {
      const job = await roundInTraining(chain, { terms: { minTraining: 500 } });
      const { trainingStart } = await job.facts();
      for (const trainer of job.world.trainers.slice(0, 3)) await job.commit(trainer, trainer.address);
      expect((await job.facts()).trainingEnd).to.equal(trainingStart + 500n);
      await job.commit(at(job.world.trainers, 0), "replaced");
      expect((await job.facts()).trainingEnd).to.equal(trainingStart + 500n);
    });
    it("keeps the deadline where minTraining reaches it", async () => {
      const job = await roundInTraining(chain, { terms: { minTraining: 1_000 } });
      const { trainingEnd } = await job.facts();
      for (const trainer of job.world.trainers.slice(0, 3)) await job.commit(trainer, trainer.address);
      const facts = await job.facts();
      expect([facts.trainingEnd, facts.closedEarly]).to.deep.equal([trainingEnd, false]);
    });
    it("waits neither for idlers nor twice, and lets them come back", async () => {
      const job = await secondRoundWithIdler();
      await job.commit(at(job.world.trainers, 2), "back");
      expect((await job.facts()).expectedCommitted).to.equal(0n);
      await job.commit(at(job.world.trainers, 0), "a");
      await job.commit(at(job.world.trainers, 1), "b");
      expect(await job.phase()).to.equal("disclosure");
      for (const trainer of job.world.trainers.slice(0, 3)) await job.reveal(trainer);
      await job.judge({ honest: honestSeat([1, 2, 3], PRIVATE_RELEASE) });
      await job.settle(PRIVATE_RELEASE);
      expect((await job.facts()).expected).to.equal(3n);
    });
  });

  describe("revealUpdate", () => {
    it("reverts outside Disclosure", async () => {
      const job = await roundInTraining(chain);
      await job.commit(at(job.world.trainers, 0), "an update");
      await expect(job.reveal(at(job.world.trainers, 0)))
        .to.be.revertedWithCustomError(job.world.rounds, "JobRounds_WrongPhase")
        .withArgs(job.id, PHASE.training);
    });
    it("reverts for a zero digest", async () => {
      const { world, id } = await roundInDisclosure(chain);
      await expect(
        world.rounds.connect(at(world.trainers, 0)).revealUpdate(id, ZeroHash, randomSalt()),
      ).to.be.revertedWithCustomError(world.rounds, "JobRounds_ZeroDigest");
    });
    it("reverts where the opening does not match", async () => {
      const job = await roundInDisclosure(chain);
      const trainer = at(job.world.trainers, 0);
      const [digest, salt] = [digestOf("something else"), randomSalt()];
      const place = await job.roundsPlace();
      const facts = job.world.rounds.filters.UpdateCommitted(job.id, 1, trainer.address);
      const [sealed] = await job.world.rounds.queryFilter(facts);
      await expect(job.world.rounds.connect(trainer).revealUpdate(job.id, digest, salt))
        .to.be.revertedWithCustomError(job.world.rounds, "JobRounds_CommitmentMismatch")
        .withArgs(
          job.id,
          trainer.address,
          updateCommitment(place, trainer.address, digest, salt),
          sealed?.args.commitment,
        );
    });
    it("reverts for a second disclosure", async () => {
      const job = await roundInDisclosure(chain);
      await job.reveal(at(job.world.trainers, 0));
      await expect(job.reveal(at(job.world.trainers, 0))).to.be.revertedWithCustomError(
        job.world.rounds,
        "JobRounds_CommitmentMismatch",
      );
    });
    it("discloses in order, and ends Disclosure with the last", async () => {
      const job = await roundInDisclosure(chain);
      const [a, b, c] = job.world.trainers.slice(0, 3);
      if (a === undefined || b === undefined || c === undefined) throw new Error("too few trainers");
      await expect(job.reveal(c))
        .to.emit(job.world.rounds, "UpdateRevealed")
        .withArgs(job.id, 1, c.address, 0, digestOf(`${c.address} in round 1`));
      await job.reveal(a);
      expect(await job.phase()).to.equal("disclosure");
      await expect(job.world.rounds.disclosed(job.id))
        .to.be.revertedWithCustomError(job.world.rounds, "JobRounds_WrongPhase")
        .withArgs(job.id, PHASE.disclosure);
      await job.reveal(b);
      expect(await job.phase()).to.equal("draw");
      expect((await job.facts()).disclosureEnd).to.equal(await job.now());
      const [updates, copies] = await job.world.rounds.updatesOf(job.id, 1);
      expect(updates.map((update) => [update.trainer, update.order])).to.deep.equal([
        [c.address, 2n],
        [a.address, 0n],
        [b.address, 1n],
      ]);
      expect(copies).to.equal(0n);
      expect([...(await job.world.rounds.disclosed(job.id))]).to.deep.equal([1n, 3n, false]);
    });
    it("keeps the value with the earliest of identical updates, whoever reveals first", async () => {
      const job = await roundInTraining(chain, { joined: 5 });
      const trainers = job.world.trainers.slice(0, 5);
      for (const trainer of trainers) await job.commit(trainer, "the same");
      for (const index of [3, 1, 2, 0, 4]) await job.reveal(at(trainers, index));
      const [, copies] = await job.world.rounds.updatesOf(job.id, 1);
      // All but the one disclosed fourth, which was committed first.
      expect(copies).to.equal(0b10111n);
    });
  });

  describe("openRound", () => {
    it("reverts while a round runs", async () => {
      const job = await roundInTraining(chain);
      await expect(job.open())
        .to.be.revertedWithCustomError(job.world.rounds, "JobRounds_WrongPhase")
        .withArgs(job.id, PHASE.training);
    });
    it("reverts after the deadline", async () => {
      const job = await staffedJob(chain);
      await job.passDeadline();
      await expect(job.open())
        .to.be.revertedWithCustomError(job.world.rounds, "JobRounds_NoMoreRounds")
        .withArgs(job.id);
    });
    it("reverts after the last round", async () => {
      const job = await roundInTraining(chain, { terms: { rounds: 1 } });
      await job.passTraining();
      await expect(job.open()).to.be.revertedWithCustomError(job.world.rounds, "JobRounds_NoMoreRounds");
    });
    it("reverts with too few members, or too few validators", async () => {
      for (const choice of [{ joined: 1 }, { enlisted: 2 }]) {
        const job = await staffedJob(chain, choice);
        await expect(job.open()).to.be.revertedWithCustomError(job.world.rounds, "JobRounds_TooFew").withArgs(job.id);
      }
    });
    it("opens a round of full length that waits for all members", async () => {
      const job = await staffedJob(chain);
      const opening = job.open();
      await expect(opening).to.emit(job.world.rounds, "RoundOpened");
      const facts = await job.facts();
      const now = BigInt(await job.now());
      expect([facts.trainingStart, facts.trainingEnd, facts.disclosureEnd]).to.deep.equal([
        now,
        now + 1_000n,
        now + 2_000n,
      ]);
      expect([facts.expected, facts.confirming]).to.deep.equal([3n, false]);
    });
    it("opens the next one after a round without updates", async () => {
      const job = await roundInTraining(chain);
      await job.passTraining();
      await expect(job.open()).to.emit(job.world.rounds, "RoundEnded").withArgs(job.id, 1, OUTCOME.empty);
      expect(await job.round()).to.equal(2n);
      expect((await job.facts()).expected).to.equal(0n);
    });
  });

  describe("closeJob", () => {
    it("reverts in the middle of a round", async () => {
      const job = await roundInScoring(chain);
      await expect(job.world.rounds.closeJob(job.id))
        .to.be.revertedWithCustomError(job.world.rounds, "JobRounds_WrongPhase")
        .withArgs(job.id, PHASE.scoring);
    });
    it("reverts while rounds are left", async () => {
      const job = await staffedJob(chain);
      await expect(job.world.rounds.closeJob(job.id))
        .to.be.revertedWithCustomError(job.world.rounds, "JobRounds_NotOver")
        .withArgs(job.id);
    });
    it("reverts in Draw before the deadline, and after it where a committee can be drawn", async () => {
      const job = await roundInDraw(chain);
      const closing = () => job.world.rounds.closeJob(job.id);
      for (const validator of job.world.validators.slice(0, 3)) await job.world.panel.connect(validator).delist(job.id);
      await expect(closing()).to.be.revertedWithCustomError(job.world.rounds, "JobRounds_NotOver");
      await job.passDeadline();
      await job.enlist(...job.world.validators.slice(0, 1));
      await expect(closing()).to.be.revertedWithCustomError(job.world.rounds, "JobRounds_NotOver").withArgs(job.id);
      await job.world.panel.connect(at(job.world.validators, 0)).delist(job.id);
      await expect(closing()).to.emit(job.world.rounds, "RoundEnded").withArgs(job.id, 1, OUTCOME.failed);
      expect(await job.phase()).to.equal("closed");
    });
    it("refunds all where nothing was earned", async () => {
      const job = await staffedJob(chain);
      await job.passDeadline();
      await expect(job.world.rounds.closeJob(job.id))
        .to.emit(job.world.market, "JobClosed")
        .withArgs(job.id, job.terms.reward);
    });
  });

  describe("releaseBond", () => {
    it("reverts for an account that is no member", async () => {
      const { world, id } = await staffedJob(chain);
      await expect(world.market.releaseBond(id, world.stranger.address))
        .to.be.revertedWithCustomError(world.rounds, "JobRounds_NotMember")
        .withArgs(id, world.stranger.address);
    });
    it("reverts for a member that keeps its word", async () => {
      const { world, id } = await roundInDisclosure(chain);
      const trainer = at(world.trainers, 0);
      await expect(world.market.releaseBond(id, trainer.address))
        .to.be.revertedWithCustomError(world.rounds, "JobRounds_BondHeld")
        .withArgs(id, trainer.address);
    });
    it("burns the bond of one that did not disclose, in that round and later", async () => {
      const job = await roundInDisclosure(chain, { terms: { minTrainers: 1 } });
      await job.passDisclosure();
      const [a, b] = job.world.trainers;
      if (a === undefined || b === undefined) throw new Error("too few trainers");
      await expect(job.world.market.releaseBond(job.id, a.address))
        .to.emit(job.world.rounds, "Left")
        .withArgs(job.id, a.address, true);
      await job.join(a);
      await job.open();
      await expect(job.world.market.releaseBond(job.id, b.address))
        .to.emit(job.world.rounds, "Left")
        .withArgs(job.id, b.address, true);
      expect(await job.world.market.burned(job.terms.token)).to.equal(2n * job.terms.bond);
    });
    it("credits every bond once the job is closed", async () => {
      const job = await staffedJob(chain);
      await job.world.rounds.cancelJob(job.id);
      const trainer = at(job.world.trainers, 0);
      await expect(job.world.market.connect(job.world.stranger).releaseBond(job.id, trainer.address))
        .to.emit(job.world.market, "Credited")
        .withArgs(job.terms.token, trainer.address, job.terms.bond);
    });
  });

  describe("pay", () => {
    it("reverts where nothing was earned, or not yet", async () => {
      const job = await secondRoundInTraining(chain, { milestones: true });
      for (const crediting of [
        job.world.market.creditTrainers(job.id, 1, 1),
        job.world.market.creditTrainers(job.id, 2, 1),
        job.world.market.creditTrainers(99, 1, 1),
      ]) {
        await expect(crediting).to.be.revertedWithCustomError(job.world.market, "TrainingMarket_NothingEarned");
      }
      await expect(job.world.market.creditValidators(job.id, 1, 2, 1))
        .to.be.revertedWithCustomError(job.world.market, "TrainingMarket_NothingEarned")
        .withArgs(job.id, 1);
    });
    it("sums to the budget exactly, in any order, each part once", async () => {
      const job = await roundInDraw(chain, { joined: 5, terms: { noiseFloor: 7 } });
      await job.judge({ honest: honestSeat([10, 7, 11, 20, -5], PRIVATE_RELEASE) });
      await job.settle(PRIVATE_RELEASE);
      const { market, trainers } = job.world;
      const { totalWeight } = await job.result(1n);
      const { earned } = await job.trainersPay(1n);
      expect(totalWeight).to.equal(3n + 4n + 13n);
      await expect(market.creditTrainers(job.id, 1, 0b01000)).to.emit(market, "UpdatePaid");
      await market.creditTrainers(job.id, 1, 0b01001);
      const last = market.creditTrainers(job.id, 1, 0b11111);
      await expect(last)
        .to.emit(market, "UpdatePaid")
        .withArgs(job.id, 1, at(trainers, 2).address, 2, (earned * 7n) / 20n - (earned * 3n) / 20n);
      await expect(market.creditTrainers(job.id, 1, 0b11111)).not.to.emit(market, "UpdatePaid");
      const paid = await Promise.all(trainers.map((trainer) => market.withdrawable(job.terms.token, trainer.address)));
      expect(paid.reduce((a, b) => a + b)).to.equal(earned);
      expect(paid.slice(0, 5)).to.deep.equal([
        (earned * 3n) / 20n,
        0n,
        (earned * 7n) / 20n - (earned * 3n) / 20n,
        earned - (earned * 7n) / 20n,
        0n,
      ]);
    });
    it("keeps a round's budget where nothing weighs anything, and releases the model", async () => {
      const job = await roundInDraw(chain);
      await job.judge({ honest: honestSeat([0, -1, -32_768], PRIVATE_RELEASE) });
      await expect(job.settle(PRIVATE_RELEASE))
        .to.emit(job.world.rounds, "ModelReleased")
        .withArgs(job.id, 1, 1, PRIVATE_RELEASE.digest, 0, 0);
      expect((await job.trainersPay(1n)).earned).to.equal(0n);
    });
    it("pays seats for agreement and for attesting the winner, in any order, each once", async () => {
      const job = await roundInDraw(chain);
      const other = { ...PRIVATE_RELEASE, digest: digestOf("another model") };
      await job.judge({
        honest: honestSeat([100, 100, 100], PRIVATE_RELEASE),
        seats: { 0: honestSeat([105, 100, 100], other), 1: SILENT_SEAT },
      });
      const holders = await job.holders();
      await job.settle(PRIVATE_RELEASE);
      const { market } = job.world;
      const budget = (job.terms.reward * 1_500n) / 10_000n / 2n;
      const pay = await market.validatorsPayOf(job.id, 1, 1);
      expect([pay.quality, pay.attestation]).to.deep.equal([budget - budget / 4n, budget / 4n]);
      // Band 10: seat 0 is off by half of it in one of three.
      const [weights, total] = [[25_000n, 0n, 30_000n, 30_000n, 30_000n], 115_000n];
      await expect(market.creditValidators(job.id, 1, 1, 0b00001))
        .to.emit(market, "SeatPaid")
        .withArgs(job.id, 1, at(holders, 0).address, 1, 0, (pay.quality * at(weights, 0)) / total);
      await market.creditValidators(job.id, 1, 1, 0b11111);
      await expect(market.creditValidators(job.id, 1, 1, 0b11111)).not.to.emit(market, "SeatPaid");
      const paid = await Promise.all(holders.map((holder) => market.withdrawable(job.terms.token, holder.address)));
      expect(paid.reduce((a, b) => a + b)).to.equal(pay.quality + pay.attestation);
      expect(paid[1]).to.equal(0n);
    });
    it("pays the second attempt out of what the first one's revealers left", async () => {
      const job = await roundInDraw(chain);
      await job.score({ honest: honestSeat([1, 2, 3], PRIVATE_RELEASE), seats: { 0: SILENT_SEAT } });
      await job.tally();
      await job.passAttestation();
      await job.passSettlement();
      await expect(job.failAttempt()).to.emit(job.world.market, "ValidatorsEarned");
      const budget = (job.terms.reward * 1_500n) / 10_000n / 2n;
      const first = 4n * (budget / 10n);
      expect((await job.world.market.validatorsPayOf(job.id, 1, 1)).quality).to.equal(first);
      await job.judge({ honest: honestSeat([1, 2, 3], PRIVATE_RELEASE) });
      await job.settle(PRIVATE_RELEASE);
      const second = await job.world.market.validatorsPayOf(job.id, 1, 2);
      expect(second.quality + second.attestation).to.equal(budget - first);
      expect((await job.result(1n)).attempt).to.equal(2n);
    });
    it("ends early once the target is confirmed", async () => {
      const job = await roundInSettlement(chain, { milestones: true, terms: { targetScore: 5_000, rounds: 5 } });
      await job.settle(PUBLIC_RELEASE);
      const next = { digest: digestOf("model 2"), baseScore: 5_000, score: 4_000 };
      await job.play({ updates: await job.ownUpdates(at(job.world.trainers, 0)), honest: honestSeat([1], next) });
      await expect(job.settle(next)).to.emit(job.world.rounds, "ProgressConfirmed").withArgs(job.id, 1, 5_000);
      // What round 2 released waits for confirmation; it is worse, so it earns nothing.
      expect((await job.facts()).confirming).to.equal(true);
      const confirmed = { ...next, baseScore: 4_000, score: 4_000 };
      await job.judge({ honest: honestSeat([], confirmed) });
      await expect(job.settle(confirmed)).not.to.emit(job.world.market, "TrainersEarned");
      expect(await job.phase()).to.equal("closed");
      const trainers = job.terms.reward - (job.terms.reward * 1_500n) / 10_000n;
      expect((await job.trainersPay(1n)).earned).to.equal((trainers * 6_000n) / 10_000n);
    });
    it("ends early at a confirmed target without a price list, too, and pays each round its budget", async () => {
      const terms = { holdout: HOLDOUT.public, targetScore: 5_000, rounds: 5 };
      const job = await roundInSettlement(chain, { terms }, PUBLIC_RELEASE);
      await job.settle(PUBLIC_RELEASE);
      const next = { digest: digestOf("model 2"), baseScore: 6_000, score: 7_000 };
      await job.play({ updates: await job.ownUpdates(at(job.world.trainers, 0)), honest: honestSeat([1], next) });
      await job.settle(next);
      expect(await job.phase()).to.equal("closed");
      expect((await job.job()).best).to.equal(5_000n);
      const trainers = job.terms.reward - (job.terms.reward * 1_500n) / 10_000n;
      expect((await job.trainersPay(1n)).earned).to.equal(trainers / 5n);
      expect((await job.trainersPay(2n)).earned).to.equal(trainers / 5n);
    });
    it("reads the price list below the score by the margin", async () => {
      const job = await roundInSettlement(chain, { milestones: true, terms: { margin: 2_000, rounds: 1 } });
      await job.settle(PUBLIC_RELEASE);
      const confirmed = { ...PUBLIC_RELEASE, baseScore: 9_000, score: 9_000 };
      await job.judge({ honest: honestSeat([], confirmed) });
      await expect(job.settle(confirmed)).to.emit(job.world.market, "TrainersEarned");
      const trainers = job.terms.reward - (job.terms.reward * 1_500n) / 10_000n;
      expect((await job.trainersPay(1n)).earned).to.equal((trainers * 3_000n) / 10_000n);
    });
    it("refuses a confirmation of another model than the released one", async () => {
      const job = await confirmingRoundInDraw(chain);
      const other = { ...PUBLIC_RELEASE, digest: digestOf("another model") };
      await job.judge({ honest: honestSeat([], other) });
      await expect(job.settle(other))
        .to.be.revertedWithCustomError(job.world.rounds, "JobRounds_WrongModel")
        .withArgs(job.id, other.digest, PUBLIC_RELEASE.digest);
    });
    it("opens no round after a settlement where too few are left", async () => {
      const job = await roundInSettlement(chain, { enlisted: 6, terms: { minValidators: 6 } });
      const seated = (await job.holders()).map((holder) => holder.address);
      const idle = job.world.validators.slice(0, 6).find((validator) => !seated.includes(validator.address));
      if (idle === undefined) throw new Error("everyone is seated");
      await job.world.panel.connect(idle).delist(job.id);
      await job.settle(PRIVATE_RELEASE);
      expect(await job.phase()).to.equal("waiting");
      await job.world.panel.connect(idle).enlist(job.id);
      await job.open();
      expect(await job.round()).to.equal(2n);
    });
    it("costs the initiator what was earned and no more", async () => {
      const job = await roundInSettlement(chain, { terms: { rounds: 1 } });
      await job.settle(PRIVATE_RELEASE);
      const validators = (job.terms.reward * 1_500n) / 10_000n;
      expect(await job.world.market.withdrawable(job.terms.token, job.world.initiator.address)).to.equal(0n);
      expect(await job.world.token.balanceOf(job.world.initiator)).to.equal(WEALTH - job.terms.reward);
      expect((await job.trainersPay(1n)).earned).to.equal(job.terms.reward - validators);
    });
  });

  describe("the panel's functions", () => {
    it("revert for anyone else", async () => {
      const { world, id } = await roundInSettlement(chain);
      const rounds = world.rounds.connect(world.initiator);
      for (const call of [
        rounds.recordSettlement(id, 1, {
          digest: digestOf("x"),
          baseScore: 0,
          score: 0,
          holdoutUnreadable: false,
          quality: 1,
        }),
        rounds.recordFailure(id, 1, 5, 0),
      ]) {
        await expect(call)
          .to.be.revertedWithCustomError(rounds, "JobRounds_NotPanel")
          .withArgs(world.initiator.address);
      }
    });
  });

  /** The third of three members let the first round run to its deadline. */
  async function secondRoundWithIdler(): Promise<JobDriver> {
    const job = await roundInTraining(chain, { terms: { rounds: 3 } });
    const updates = await job.ownUpdates(...job.world.trainers.slice(0, 2));
    await job.play({ updates, honest: honestSeat([1, 2], PRIVATE_RELEASE) });
    await job.settle(PRIVATE_RELEASE);
    return job;
  }
});

type Point = [scoreBps: number, shareBps: number];

function list(...points: Point[]): JobTerms["milestones"] {
  return points.map(([scoreBps, shareBps]) => ({ scoreBps, shareBps }));
}

function contribution(...points: Point[]): Partial<JobTerms> {
  return { scoring: SCORING.contribution, holdout: HOLDOUT.public, milestones: list(...points) };
}

function shown(change: Partial<JobTerms>): string {
  return JSON.stringify(change, (_, value: unknown) => (typeof value === "bigint" ? value.toString() : value));
}
