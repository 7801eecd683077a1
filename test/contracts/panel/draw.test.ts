import { expect } from "chai";
import { ZeroAddress, toBeHex } from "ethers";

import { drawSeed, mixedEntropy, places, stirredEntropy } from "@commonweight/sdk/protocol/draw";
import { type Chain, at, openChain } from "../../helpers/contracts/chain.ts";
import {
  roundInDisclosure,
  roundInDraw,
  roundInReveal,
  roundInScoring,
  roundInTraining,
  staffedJob,
} from "../../helpers/contracts/fixtures.ts";
import { PHASE } from "../../helpers/contracts/job-params.ts";

/** What entropy begins with. */
const BEGINNING = toBeHex(1, 32);

describe("The draw of a committee", function () {
  this.timeout(60_000);
  let chain: Chain;
  before(async () => {
    chain = await openChain();
  });

  describe("drawCommittee", () => {
    it("reverts outside Draw", async () => {
      for (const [reach, phase] of [
        [staffedJob, PHASE.waiting],
        [roundInTraining, PHASE.training],
        [roundInDisclosure, PHASE.disclosure],
      ] as const) {
        const job = await reach(chain);
        await expect(job.draw())
          .to.be.revertedWithCustomError(job.world.rounds, "TrainingRounds_WrongPhase")
          .withArgs(job.id, phase);
      }
      const job = await roundInScoring(chain);
      await expect(job.draw())
        .to.be.revertedWithCustomError(job.world.panel, "ScoringPanel_WrongPhase")
        .withArgs(job.id, PHASE.scoring, PHASE.draw);
    });
    it("reverts with fewer enlisted than a committee needs, until somebody enlists", async () => {
      const job = await roundInTraining(chain, { enlisted: 3 });
      await job.delist(at(job.world.validators, 0));
      await job.train(await job.ownUpdates(...job.world.trainers.slice(0, 3)));
      await expect(job.draw())
        .to.be.revertedWithCustomError(job.world.committees, "Committees_TooFewEnlisted")
        .withArgs(job.id, 2);
      await job.enlist(at(job.world.validators, 5));
      await expect(job.draw()).to.emit(job.world.committees, "CommitteeDrawn");
    });
    it("takes its seed from what trainers opened, whoever sends it and whenever", async () => {
      const job = await roundInDisclosure(chain, { enlisted: 9 });
      const trainers = job.world.trainers.slice(0, 3);
      const hashBefore = (await chain.ethers.provider.getBlock("latest"))?.hash ?? "";
      for (const trainer of trainers) await job.reveal(trainer);
      const salts = trainers.map((trainer) => ({
        account: trainer.address,
        salt: job.updateOpening(trainer, 1n).salt,
      }));
      const disclosures = mixedEntropy(BEGINNING, hashBefore, salts);
      expect(await job.world.rounds.entropyOf(job.id)).to.equal(disclosures);
      const seed = drawSeed({ disclosures, reveals: BEGINNING, jobId: job.id, round: 1, attempt: 1 });
      const list = [...(await job.world.committees.enlistedOf(job.id))];
      const seats = places(seed, list.length, 5).map((place) => list[place]);
      await chain.helpers.mine(300);
      await expect(job.draw()).to.emit(job.world.committees, "CommitteeDrawn").withArgs(job.id, 1, 1, seed, seats);
    });
    it("takes in the hash of the block before the draw where somebody did not disclose", async () => {
      const job = await roundInDisclosure(chain, { enlisted: 9 });
      await job.reveal(at(job.world.trainers, 0));
      await job.passDisclosure();
      const disclosures = await job.world.rounds.entropyOf(job.id);
      const sent = await job.draw();
      const { parentHash = "" } = (await chain.ethers.provider.getBlock((await sent.wait())?.blockHash ?? "")) ?? {};
      const basis = { reveals: BEGINNING, jobId: job.id, round: 1, attempt: 1 };
      const seed = drawSeed({ disclosures: stirredEntropy(disclosures, parentHash), ...basis });
      expect((await job.committee()).committee.seed).to.equal(seed);
      expect(seed).not.to.equal(drawSeed({ disclosures, ...basis }));
    });
    it("does not depend on the order of the disclosures after the first", async () => {
      const job = await roundInDisclosure(chain);
      const [a, b, c] = job.world.trainers;
      if (a === undefined || b === undefined || c === undefined) throw new Error("too few trainers");
      await job.reveal(a);
      const before = await chain.helpers.takeSnapshot();
      await job.reveal(b);
      await job.reveal(c);
      const one = await job.world.rounds.entropyOf(job.id);
      await before.restore();
      await job.reveal(c);
      await job.reveal(b);
      expect(await job.world.rounds.entropyOf(job.id)).to.equal(one);
    });
    it("takes the second attempt's seed from the first committee's reveals as well", async () => {
      const job = await roundInReveal(chain);
      const hashBefore = (await chain.ethers.provider.getBlock("latest"))?.hash ?? "";
      const holders = await job.holders();
      for (const seat of [0, 1]) await job.revealScores(seat);
      const salts = await Promise.all(
        [0, 1].map(async (seat) => ({
          account: at(holders, seat).address,
          salt: (await job.scoresOpening(seat)).salt,
        })),
      );
      await job.passReveal();
      const { blockHash } = (await (await job.tally()).wait()) ?? {};
      const tallied = await chain.ethers.provider.getBlock(blockHash ?? "");
      // Three seats sealed and did not reveal.
      const reveals = stirredEntropy(mixedEntropy(BEGINNING, hashBefore, salts), tallied?.parentHash ?? "");
      const disclosures = await job.world.rounds.entropyOf(job.id);
      const seed = drawSeed({ disclosures, reveals, jobId: job.id, round: 1, attempt: 2 });
      await job.draw();
      expect((await job.committee()).committee.seed).to.equal(seed);
    });
    it("seats all where no more are enlisted than seats", async () => {
      const job = await roundInDraw(chain, { enlisted: 4 });
      await expect(job.draw()).to.emit(job.world.committees, "CommitteeDrawn");
      const { committee, seats } = await job.committee();
      expect(committee.facts.seats).to.equal(4n);
      expect(new Set(seats.map((seat) => seat.validator))).to.deep.equal(
        new Set(job.world.validators.slice(0, 4).map((validator) => validator.address)),
      );
      const now = BigInt(await job.now());
      expect([committee.facts.drawnAt, committee.facts.scoringEnd, committee.facts.revealEnd]).to.deep.equal([
        now,
        now + 1_000n,
        now + 2_000n,
      ]);
    });
    it("draws different seats out of a longer list", async () => {
      const job = await roundInDraw(chain, { enlisted: 9 });
      await job.draw();
      const { seats } = await job.committee();
      const drawn = new Set(seats.map((seat) => seat.validator));
      expect(drawn.size).to.equal(5);
      expect(drawn.has(ZeroAddress)).to.equal(false);
    });
  });
});
