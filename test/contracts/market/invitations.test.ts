import { expect } from "chai";

import { type AddressTree, addressTree } from "@commonweight/sdk/protocol/address-tree";
import { type Chain, type Signer, at, openChain } from "../../helpers/contracts/chain.ts";
import { fundedJob, roundInTraining } from "../../helpers/contracts/fixtures.ts";
import type { JobDriver } from "../../helpers/contracts/job-driver.ts";
import { NO_PERMIT } from "../../helpers/contracts/job-params.ts";

describe("Invitations by Merkle root", function () {
  this.timeout(60_000);
  let chain: Chain;
  before(async () => {
    chain = await openChain();
  });

  it("let each invited trainer in, and take its bond", async () => {
    const { job, tree, invited } = await inviting(5);
    for (const trainer of invited) {
      const joining = join(job, trainer, tree.proofOf(trainer.address));
      await expect(joining).to.changeTokenBalance(chain.ethers, job.world.token, trainer, -job.terms.bond);
    }
    expect((await job.calls.roster()).members).to.equal(5n);
  });

  it("keep strangers out, with any proof that is not theirs, and take nothing of them", async () => {
    const { job, tree, invited } = await inviting(4);
    const { rounds, stranger, token } = job.world;
    const before = await token.balanceOf(stranger);
    for (const proof of [[], tree.proofOf(at(invited, 0).address), [tree.root], [tree.root, tree.root]]) {
      await expect(join(job, stranger, proof))
        .to.be.revertedWithCustomError(rounds, "TrainingRounds_NotInvited")
        .withArgs(job.id, stranger.address);
    }
    expect(await token.balanceOf(stranger)).to.equal(before);
  });

  it("hold for the invited alone, with its own proof whole", async () => {
    const { job, tree, invited } = await inviting(4);
    const [one, other] = invited;
    if (!one || !other) throw new Error("too few invited");
    const proof = tree.proofOf(one.address) ?? [];
    for (const wrong of [proof.slice(1), [...proof, tree.root], proof.toReversed(), tree.proofOf(other.address)]) {
      await expect(join(job, one, wrong)).to.be.revertedWithCustomError(job.world.rounds, "TrainingRounds_NotInvited");
    }
    await join(job, one, proof);
  });

  it("of one trainer need no proof at all", async () => {
    const { job, invited } = await inviting(1);
    await join(job, at(invited, 0), []);
    await expect(join(job, job.world.stranger, [])).to.be.revertedWithCustomError(
      job.world.rounds,
      "TrainingRounds_NotInvited",
    );
  });

  it("give no second membership, but serve again after leaving", async () => {
    const { job, tree, invited } = await inviting(3);
    const trainer = at(invited, 0);
    const proof = tree.proofOf(trainer.address);
    await join(job, trainer, proof);
    await expect(join(job, trainer, proof)).to.be.revertedWithCustomError(job.world.rounds, "TrainingRounds_RoleTaken");
    await job.world.market.connect(trainer).leaveJob(job.id);
    await join(job, trainer, proof);
  });

  it("do not make a trainer of the initiator or of a validator", async () => {
    const world = (await fundedJob(chain)).world;
    const validator = at(world.validators, 0);
    const tree = addressTree([world.initiator.address, validator.address]);
    const job = await fundedJob(chain, { terms: { invitationRoot: tree.root } });
    await job.enlist(validator);
    for (const account of [job.world.initiator, validator]) {
      await expect(join(job, account, tree.proofOf(account.address))).to.be.revertedWithCustomError(
        job.world.rounds,
        "TrainingRounds_RoleTaken",
      );
    }
  });

  it("are not asked for where the job is open to all, whatever proof is given", async () => {
    const job = await roundInTraining(chain);
    await join(job, at(job.world.trainers, 3), [job.terms.modelDigest]);
  });

  /** A job that invites the world's first trainers; all worlds of a chain have the same accounts. */
  async function inviting(count: number): Promise<{ job: JobDriver; tree: AddressTree; invited: readonly Signer[] }> {
    const invited = chain.signers.slice(2, 2 + count);
    const tree = addressTree(invited.map(({ address }) => address));
    return { job: await fundedJob(chain, { terms: { invitationRoot: tree.root } }), tree, invited };
  }

  async function join(job: JobDriver, trainer: Signer, proof: readonly string[] = []) {
    return job.world.market.connect(trainer).joinJob(job.id, await job.calls.termsHash(), [...proof], NO_PERMIT);
  }
});
