import { expect } from "chai";

import type { HostileToken } from "@commonweight/sdk/abi/typechain/mocks/index";
import { type Chain, at, openChain } from "../../helpers/contracts/chain.ts";
import { digestOf } from "../../helpers/contracts/commitments.ts";
import { expectDrained, everyoneExits, strangerCloses } from "../../helpers/contracts/exit.ts";
import { PRIVATE_RELEASE, honestSeat } from "../../helpers/contracts/fixtures.ts";
import { JobDriver } from "../../helpers/contracts/job-driver.ts";
import { budgetTerms, NO_PERMIT } from "../../helpers/contracts/job-params.ts";
import { WEALTH, type World, deployedMarket } from "../../helpers/contracts/world.ts";

const MODE = {
  honest: 0,
  fee: 1,
  returnsFalse: 2,
  returnsNothing: 3,
  reverts: 4,
  eatsGas: 5,
  returnBomb: 6,
  lies: 7,
  movesTwice: 8,
  revertBomb: 9,
} as const;

const GAS = { gasLimit: 3_000_000 };

// Every operation with a hostile token must revert cleanly or be accounted exactly, without loss for other users.
describe("A hostile token", function () {
  this.timeout(60_000);
  let chain: Chain;
  before(async () => {
    chain = await openChain();
  });

  for (const [mode, error] of [
    ["fee", "Ledger_InexactTransfer"],
    ["lies", "Ledger_InexactTransfer"],
    ["movesTwice", "Ledger_InexactTransfer"],
    ["returnsFalse", "SafeERC20FailedOperation"],
    ["reverts", undefined],
    ["revertBomb", undefined],
    ["eatsGas", undefined],
  ] as const) {
    it(`that ${mode} is refused when it comes in, and changes nothing`, async () => {
      const { world, token, terms } = await hostileWorld();
      await token.setMode(MODE[mode]);
      const { book, market, registry } = world;
      for (const [ledger, call] of [
        [market, () => market.postJob(terms, NO_PERMIT, GAS)],
        [registry, () => registry.stake(token, 1_000, NO_PERMIT, GAS)],
      ] as const) {
        if (error === undefined) await expect(call()).to.be.revert(chain.ethers);
        else await expect(call()).to.be.revertedWithCustomError(ledger, error);
        expect(await ledger.liabilities(token)).to.equal(0n);
      }
      expect(await book.jobCount()).to.equal(0n);
    });
    it(`that ${mode} when it goes out keeps the claim until it behaves`, async () => {
      const { world, token, terms } = await hostileWorld();
      const { lifecycle, market, initiator } = world;
      // Another job's money that the attack could take.
      await market.connect(at(world.trainers, 0)).postJob(terms, NO_PERMIT);
      await market.postJob(terms, NO_PERMIT);
      await lifecycle.cancelJob(2);
      await token.setMode(MODE[mode]);
      const withdrawing = market.withdraw(token, initiator.address, GAS);
      // A fee at the receiver's expense is no loss: the market sent exactly the amount that it owed.
      if (mode === "fee") {
        await withdrawing;
        expect(await market.liabilities(token)).to.equal(terms.reward);
        expect(await token.balanceOf(market)).to.equal(terms.reward);
        return;
      }
      await expect(withdrawing).to.be.revert(chain.ethers);
      expect(await market.withdrawable(token, initiator.address)).to.equal(terms.reward);
      await token.setMode(MODE.honest);
      await market.withdraw(token, initiator.address);
      expect(await token.balanceOf(market)).to.equal(terms.reward);
    });
  }

  for (const mode of ["returnsNothing", "returnBomb"] as const) {
    it(`that ${mode} serves a whole job exactly`, async () => {
      const { world, token, terms } = await hostileWorld();
      await token.setMode(MODE[mode]);
      const job = await playedJob(world, { ...terms, rounds: 1 });
      expect(await job.phase()).to.equal("closed");
      await everyoneExits(world, [job]);
      await expectDrained(world, await token.getAddress());
    });
  }

  it("that blocks one payee harms that payee alone, who sends its pay elsewhere", async () => {
    const { world, token, terms } = await hostileWorld();
    const [blocked, other] = world.trainers;
    if (!blocked || !other) throw new Error("too few trainers");
    const job = await playedJob(world, { ...terms, rounds: 1 });
    await token.setBlocked(blocked.address, true);
    await world.market.creditTrainers(job.id, 1, 7);
    await world.market.connect(other).withdraw(token, other.address);
    await expect(world.market.connect(blocked).withdraw(token, blocked.address)).to.be.revertedWithCustomError(
      token,
      "HostileToken_Blocked",
    );
    await world.market.connect(blocked).withdraw(token, world.stranger.address);
    await token.setBlocked(blocked.address, false);
    await everyoneExits(world, [job]);
    await expectDrained(world, await token.getAddress());
  });

  it("that turns hostile in the middle of a job stops no phase: nothing but deposits and withdrawals touches it", async () => {
    const { world, token, terms } = await hostileWorld();
    const job = await staffed(world, terms);
    await job.open();
    for (const mode of [MODE.reverts, MODE.eatsGas]) {
      await token.setMode(mode);
      const updates = await job.ownUpdates(...world.trainers.slice(0, 3));
      await job.play({ updates, honest: honestSeat([1, 2, 3], PRIVATE_RELEASE) });
      await job.settle(PRIVATE_RELEASE);
    }
    expect(await job.phase()).to.equal("closed");
    await token.setMode(MODE.honest);
    await everyoneExits(world, [job]);
    await expectDrained(world, await token.getAddress());
  });

  it("that rebases downwards costs only its own holders, and other tokens nothing", async () => {
    const { world, token, terms } = await hostileWorld();
    const { lifecycle, market } = world;
    await market.postJob(terms, NO_PERMIT);
    await market.postJob({ ...terms, token: await world.token.getAddress() }, NO_PERMIT);
    await token.rebase(market, 1, 2);
    await lifecycle.cancelJob(1);
    await lifecycle.cancelJob(2);
    await expect(market.withdraw(token, world.initiator.address)).to.be.revert(chain.ethers);
    await expect(market.withdraw(world.token, world.initiator.address)).to.changeTokenBalance(
      chain.ethers,
      world.token,
      world.initiator,
      terms.reward,
    );
  });

  it("that is no contract is refused", async () => {
    const { world, terms } = await hostileWorld();
    await expect(world.market.postJob({ ...terms, token: world.stranger.address }, NO_PERMIT)).to.be.revert(
      chain.ethers,
    );
    await expect(world.registry.stake(world.stranger.address, 1, NO_PERMIT)).to.be.revert(chain.ethers);
  });

  describe("that re-enters", () => {
    it("cannot take a reward out while it comes in", async () => {
      const { world, token, terms } = await hostileWorld();
      const { lifecycle, market } = world;
      await market.postJob(terms, NO_PERMIT);
      // The token posts a job; during the transfer of the reward it cancels the job and tries to withdraw.
      await token.mint(token, WEALTH);
      const cancelling = lifecycle.interface.encodeFunctionData("cancelJob", [2]);
      await token.reenter(lifecycle, cancelling);
      await token.execute(market, market.interface.encodeFunctionData("postJob", [terms, NO_PERMIT]));
      expect(await token.reentered()).to.equal(true);
      expect(await market.withdrawable(token, token)).to.equal(terms.reward);
      expect(await token.balanceOf(market)).to.equal(await market.liabilities(token));
      // The claim is paid for, but a withdrawal that re-enters another one fails the check of the exact amount.
      const withdrawing = market.interface.encodeFunctionData("withdraw", [
        await token.getAddress(),
        world.stranger.address,
      ]);
      await token.reenter(market, withdrawing);
      await token.execute(market, withdrawing);
      expect(await token.reentered()).to.equal(false);
      expect(await token.balanceOf(market)).to.equal(terms.reward);
      expect(await market.liabilities(token)).to.equal(terms.reward);
    });

    it("cannot count one transfer for two deposits", async () => {
      const { world, token, terms } = await hostileWorld();
      const { book, market, registry } = world;
      await token.mint(token, WEALTH);
      const posting = market.interface.encodeFunctionData("postJob", [terms, NO_PERMIT]);
      await token.reenter(market, posting);
      await expect(token.execute(market, posting)).to.be.revertedWithCustomError(market, "Ledger_InexactTransfer");
      const staking = registry.interface.encodeFunctionData("stake", [await token.getAddress(), 5, NO_PERMIT]);
      await token.reenter(registry, staking);
      await expect(token.execute(registry, staking)).to.be.revertedWithCustomError(registry, "Ledger_InexactTransfer");
      expect(await book.jobCount()).to.equal(0n);
    });

    it("cannot withdraw another's money in the middle of its own withdrawal", async () => {
      const { world, token, terms } = await hostileWorld();
      const { lifecycle, market } = world;
      await token.mint(token, WEALTH);
      await market.postJob(terms, NO_PERMIT);
      for (const id of [2, 3]) {
        await token.execute(market, market.interface.encodeFunctionData("postJob", [terms, NO_PERMIT]));
        await token.execute(lifecycle, lifecycle.interface.encodeFunctionData("cancelJob", [id]));
      }
      // Posts a job during a withdrawal, so that the balance seems unchanged.
      await token.reenter(market, market.interface.encodeFunctionData("postJob", [terms, NO_PERMIT]));
      const withdrawing = market.interface.encodeFunctionData("withdraw", [
        await token.getAddress(),
        world.stranger.address,
      ]);
      await expect(token.execute(market, withdrawing)).to.be.revertedWithCustomError(market, "Ledger_InexactTransfer");
      expect(await token.balanceOf(market)).to.equal(await market.liabilities(token));
    });

    it("finds every state-changing function closed to it, or exact", async () => {
      const { world, token, terms } = await hostileWorld();
      const job = await staffed(world, terms);
      await job.open();
      await token.mint(token, WEALTH);
      const { lifecycle, rounds, committees, market, panel, registry } = world;
      const address = await token.getAddress();
      const zero = digestOf("anything");
      const signed = await job.calls.termsHash();
      const calls: [target: { getAddress(): Promise<string> }, data: string][] = [
        [market, market.interface.encodeFunctionData("joinJob", [job.id, signed, [], NO_PERMIT])],
        [market, market.interface.encodeFunctionData("leaveJob", [job.id])],
        [rounds, rounds.interface.encodeFunctionData("commitUpdate", [job.id, zero])],
        [rounds, rounds.interface.encodeFunctionData("revealUpdate", [job.id, zero, zero])],
        [lifecycle, lifecycle.interface.encodeFunctionData("openRound", [job.id])],
        [lifecycle, lifecycle.interface.encodeFunctionData("closeJob", [job.id])],
        [market, market.interface.encodeFunctionData("releaseBond", [job.id, address])],
        [market, market.interface.encodeFunctionData("creditTrainers", [job.id, 1, 1])],
        [market, market.interface.encodeFunctionData("creditValidators", [job.id, 1, 1, 1])],
        [market, market.interface.encodeFunctionData("withdraw", [address, address])],
        [lifecycle, lifecycle.interface.encodeFunctionData("recordFailure", [job.id, 1, 5, 5])],
        [
          lifecycle,
          lifecycle.interface.encodeFunctionData("recordSettlement", [
            job.id,
            1,
            { digest: zero, baseScore: 0, score: 0, holdoutUnreadable: false, quality: 1 },
          ]),
        ],
        [committees, committees.interface.encodeFunctionData("enlist", [job.id, signed])],
        [committees, committees.interface.encodeFunctionData("delist", [job.id])],
        [committees, committees.interface.encodeFunctionData("drawCommittee", [job.id])],
        [panel, panel.interface.encodeFunctionData("commitScores", [job.id, 0, zero])],
        [panel, panel.interface.encodeFunctionData("revealScores", [job.id, 0, [], zero])],
        [rounds, rounds.interface.encodeFunctionData("witness", [job.id])],
        [panel, panel.interface.encodeFunctionData("witness", [job.id])],
        [panel, panel.interface.encodeFunctionData("tally", [job.id, 1])],
        [panel, panel.interface.encodeFunctionData("attestModel", [job.id, 0, zero])],
        [panel, panel.interface.encodeFunctionData("settle", [job.id, zero, 0, 0])],
        [panel, panel.interface.encodeFunctionData("failAttempt", [job.id])],
        [registry, registry.interface.encodeFunctionData("stake", [address, 1, NO_PERMIT])],
        [registry, registry.interface.encodeFunctionData("thaw", [address, 1])],
        [registry, registry.interface.encodeFunctionData("release", [address])],
        [registry, registry.interface.encodeFunctionData("withdraw", [address, address])],
        [
          registry,
          registry.interface.encodeFunctionData("slash", [address, at(world.validators, 0).address, job.id, 1]),
        ],
      ];
      for (const [target, data] of calls) {
        await token.reenter(await target.getAddress(), data);
        const joining = market.interface.encodeFunctionData("joinJob", [job.id, signed, [], NO_PERMIT]);
        await succeeds(token.execute(market, joining));
        await succeeds(token.execute(market, market.interface.encodeFunctionData("leaveJob", [job.id])));
        for (const ledger of [market, registry]) {
          expect(await token.balanceOf(ledger), data.slice(0, 10)).to.equal(await ledger.liabilities(token));
        }
      }
      await token.reenter("0x0000000000000000000000000000000000000000", "0x");
      await strangerCloses(job);
      await everyoneExits(world, [job]);
      // The token also withdraws its own claims.
      for (const [ledger, name] of [
        [market, "withdraw"],
        [registry, "withdraw"],
      ] as const) {
        if ((await ledger.withdrawable(token, token)) === 0n) continue;
        await token.execute(ledger, ledger.interface.encodeFunctionData(name, [address, world.stranger.address]));
      }
      expect(await market.liabilities(token)).to.equal(await market.burned(token));
    });
  });

  it("a donation changes nobody's claim", async () => {
    const { world, token, terms } = await hostileWorld();
    const job = await playedJob(world, { ...terms, rounds: 1 });
    await token.mint(world.market, 12_345);
    await everyoneExits(world, [job]);
    await expectDrained(world, await token.getAddress(), 12_345n);
  });

  async function hostileWorld() {
    const world = await deployedMarket(chain);
    const token: HostileToken = await chain.ethers.deployContract("HostileToken");
    for (const user of world.everyone) await token.mint(user.address, WEALTH);
    const terms = budgetTerms(await token.getAddress(), await chain.helpers.time.latest());
    return { world, token, terms };
  }

  async function staffed(world: World, terms: ReturnType<typeof budgetTerms>): Promise<JobDriver> {
    const job = await JobDriver.post(world, terms);
    await job.join(...world.trainers.slice(0, 3));
    await job.enlist(...world.validators.slice(0, 5));
    return job;
  }

  async function playedJob(world: World, terms: ReturnType<typeof budgetTerms>): Promise<JobDriver> {
    const job = await staffed(world, terms);
    await job.open();
    const updates = await job.ownUpdates(...world.trainers.slice(0, 3));
    await job.play({ updates, honest: honestSeat([1, 2, 3], PRIVATE_RELEASE) });
    await job.settle(PRIVATE_RELEASE);
    return job;
  }
});

async function succeeds(sending: Promise<unknown>): Promise<boolean> {
  return sending.then(
    () => true,
    () => false,
  );
}
