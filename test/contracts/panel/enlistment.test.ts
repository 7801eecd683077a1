import { expect } from "chai";

import { type Chain, at, openChain } from "../../helpers/contracts/chain.ts";
import {
  PRIVATE_RELEASE,
  fundedJob,
  roundInDraw,
  roundInSettlement,
  staffedJob,
} from "../../helpers/contracts/fixtures.ts";
import { NO_PERMIT } from "../../helpers/contracts/job-params.ts";

describe("The list of validators", function () {
  this.timeout(60_000);
  let chain: Chain;
  before(async () => {
    chain = await openChain();
  });

  describe("enlist", () => {
    it("reverts for a job that is not open", async () => {
      const { world, id } = await fundedJob(chain);
      await expect(world.committees.enlist(9))
        .to.be.revertedWithCustomError(world.committees, "Committees_JobNotOpen")
        .withArgs(9);
      await world.lifecycle.cancelJob(id);
      await expect(world.committees.enlist(id)).to.be.revertedWithCustomError(
        world.committees,
        "Committees_JobNotOpen",
      );
    });
    it("reverts for a validator that is enlisted", async () => {
      const { world, id } = await staffedJob(chain);
      const validator = at(world.validators, 0);
      await expect(world.committees.connect(validator).enlist(id))
        .to.be.revertedWithCustomError(world.committees, "Committees_AlreadyEnlisted")
        .withArgs(id, validator.address);
    });
    it("reverts for initiator and members", async () => {
      const { world, id } = await staffedJob(chain);
      for (const account of [world.initiator, at(world.trainers, 0)]) {
        await expect(world.committees.connect(account).enlist(id))
          .to.be.revertedWithCustomError(world.committees, "Committees_RoleTaken")
          .withArgs(id, account.address);
      }
    });
    it("reverts from arming to drawing", async () => {
      const job = await roundInDraw(chain);
      await job.arm();
      await expect(job.enlist(at(job.world.validators, 6)))
        .to.be.revertedWithCustomError(job.world.committees, "Committees_ListFrozen")
        .withArgs(job.id);
      await job.draw();
      await job.world.committees.connect(at(job.world.validators, 6)).enlist(job.id);
    });
    it("reverts without enough free stake", async () => {
      const { world, id, terms } = await staffedJob(chain);
      const validator = at(world.validators, 6);
      await world.registry.connect(validator).stake(terms.token, terms.seatLock - 1n, NO_PERMIT);
      await expect(world.committees.connect(validator).enlist(id))
        .to.be.revertedWithCustomError(world.registry, "StakeRegistry_InsufficientStake")
        .withArgs(terms.token, validator.address, terms.seatLock - 1n, terms.seatLock);
    });
    it("lists the validator and locks a seat's stake", async () => {
      const job = await fundedJob(chain);
      const { committees, registry, validators } = job.world;
      const validator = at(validators, 0);
      await registry.connect(validator).stake(job.terms.token, job.terms.seatLock + 5n, NO_PERMIT);
      const enlisting = committees.connect(validator).enlist(job.id);
      await expect(enlisting).to.emit(committees, "Enlisted").withArgs(job.id, validator.address);
      await expect(enlisting)
        .to.emit(registry, "Locked")
        .withArgs(job.terms.token, validator.address, job.id, job.terms.seatLock);
      expect(await committees.enlistedOf(job.id)).to.deep.equal([validator.address]);
      expect(await registry.lockedStake(job.terms.token, validator.address, job.id)).to.equal(job.terms.seatLock);
      expect(await registry.freeStake(job.terms.token, validator.address)).to.equal(5n);
    });
  });

  describe("delist", () => {
    it("reverts for a validator that is not enlisted", async () => {
      const { world, id } = await staffedJob(chain);
      await expect(world.committees.connect(world.stranger).delist(id))
        .to.be.revertedWithCustomError(world.committees, "Committees_NotEnlisted")
        .withArgs(id, world.stranger.address);
    });
    it("reverts from arming to drawing", async () => {
      const job = await roundInDraw(chain);
      await job.arm();
      await expect(job.world.committees.connect(at(job.world.validators, 0)).delist(job.id))
        .to.be.revertedWithCustomError(job.world.committees, "Committees_ListFrozen")
        .withArgs(job.id);
    });
    it("reverts for a seat until the attempt is over", async () => {
      const job = await roundInSettlement(chain);
      const validator = at(job.world.validators, 0);
      await expect(job.world.committees.connect(validator).delist(job.id))
        .to.be.revertedWithCustomError(job.world.committees, "Committees_Seated")
        .withArgs(job.id, validator.address);
      await job.settle(PRIVATE_RELEASE);
      await job.world.committees.connect(validator).delist(job.id);
    });
    it("frees the lock and keeps the list dense", async () => {
      const job = await staffedJob(chain);
      const { committees, registry, validators } = job.world;
      const [a, b, c, d, e] = validators;
      if (!a || !b || !c || !d || !e) throw new Error("too few validators");
      const leaving = committees.connect(b).delist(job.id);
      await expect(leaving).to.emit(committees, "Delisted").withArgs(job.id, b.address);
      await expect(leaving)
        .to.emit(registry, "Unlocked")
        .withArgs(job.terms.token, b.address, job.id, job.terms.seatLock);
      expect(await committees.enlistedOf(job.id)).to.deep.equal([a, e, c, d].map((signer) => signer.address));
      await committees.connect(d).delist(job.id);
      await committees.connect(e).delist(job.id);
      expect(await committees.enlistedOf(job.id)).to.deep.equal([a, c].map((signer) => signer.address));
      expect(await registry.freeStake(job.terms.token, b.address)).to.equal(job.terms.seatLock);
      expect(await committees.isEnlisted(job.id, b.address)).to.equal(false);
    });
  });
});
