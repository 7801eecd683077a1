import { expect } from "chai";
import { ZeroAddress } from "ethers";

import { type Chain, openChain } from "../../helpers/contracts/chain.ts";
import {
  roundInDisclosure,
  roundInDraw,
  roundInScoring,
  roundInTraining,
  staffedJob,
} from "../../helpers/contracts/fixtures.ts";
import { PHASE } from "../../helpers/contracts/job-params.ts";

describe("The draw of a committee", function () {
  this.timeout(60_000);
  let chain: Chain;
  before(async () => {
    chain = await openChain();
  });

  describe("armDraw", () => {
    it("reverts outside Draw", async () => {
      for (const [reach, phase] of [
        [staffedJob, PHASE.waiting],
        [roundInTraining, PHASE.training],
        [roundInDisclosure, PHASE.disclosure],
      ] as const) {
        const job = await reach(chain);
        await expect(job.arm())
          .to.be.revertedWithCustomError(job.world.rounds, "TrainingRounds_WrongPhase")
          .withArgs(job.id, phase);
      }
      const scoring = await roundInScoring(chain);
      await expect(scoring.arm())
        .to.be.revertedWithCustomError(scoring.world.panel, "ScoringPanel_WrongPhase")
        .withArgs(scoring.id, PHASE.scoring, PHASE.draw);
    });
    it("reverts while the seed can be had", async () => {
      const job = await roundInDraw(chain);
      await job.arm();
      const armed = await chain.ethers.provider.getBlockNumber();
      await chain.helpers.mine(255);
      await expect(job.arm())
        .to.be.revertedWithCustomError(job.world.committees, "Committees_AlreadyArmed")
        .withArgs(job.id, armed);
      await chain.helpers.mine(1);
      await expect(job.arm()).to.emit(job.world.committees, "DrawArmed");
    });
    it("reverts with fewer enlisted than a committee needs", async () => {
      const job = await roundInDraw(chain);
      for (const validator of job.world.validators.slice(0, 3))
        await job.world.committees.connect(validator).delist(job.id);
      await expect(job.arm())
        .to.be.revertedWithCustomError(job.world.committees, "Committees_TooFewEnlisted")
        .withArgs(job.id, 2);
    });
    it("fixes this block", async () => {
      const job = await roundInDraw(chain);
      expect(await job.attempt()).to.equal(0n);
      const arming = await job.arm();
      await expect(arming).to.emit(job.world.committees, "DrawArmed").withArgs(job.id, 1, 1, arming.blockNumber);
      const { committee } = await job.committee();
      expect([committee.seedBlock, committee.facts.updates]).to.deep.equal([BigInt(arming.blockNumber ?? 0), 3n]);
    });
  });

  describe("drawCommittee", () => {
    it("reverts outside Draw", async () => {
      const job = await roundInScoring(chain);
      await expect(job.draw())
        .to.be.revertedWithCustomError(job.world.panel, "ScoringPanel_WrongPhase")
        .withArgs(job.id, PHASE.scoring, PHASE.draw);
    });
    it("reverts before the seed is armed, and after it expired", async () => {
      const job = await roundInDraw(chain);
      await expect(job.draw())
        .to.be.revertedWithCustomError(job.world.committees, "Committees_NoSeed")
        .withArgs(job.id, 0);
      const { blockNumber } = await job.arm();
      await chain.helpers.mine(256);
      await expect(job.draw())
        .to.be.revertedWithCustomError(job.world.committees, "Committees_NoSeed")
        .withArgs(job.id, blockNumber);
      await job.arm();
      await chain.helpers.mine(255);
      await job.draw();
    });
    it("reverts in the block that is armed", async () => {
      const job = await roundInDraw(chain);
      const caller = await chain.ethers.deployContract("Batch");
      const { committees } = job.world;
      const data = [
        committees.interface.encodeFunctionData("armDraw", [job.id]),
        committees.interface.encodeFunctionData("drawCommittee", [job.id]),
      ];
      await expect(caller.run(committees, data)).to.be.revertedWithCustomError(committees, "Committees_NoSeed");
    });
    it("seats all where no more are enlisted than seats", async () => {
      const job = await roundInDraw(chain, { enlisted: 4 });
      await job.arm();
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
      const idle = job.world.validators.find((validator) => !drawn.has(validator.address));
      if (idle === undefined) throw new Error("everyone is seated");
      await job.world.committees.connect(idle).delist(job.id);
    });
  });
});
