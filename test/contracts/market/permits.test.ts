import { expect } from "chai";
import type { TypedDataDomain } from "ethers";

import { type Permit, signPermit } from "@commonweight/sdk/chain/permit";
import type { PermitToken } from "@commonweight/sdk/abi/typechain/mocks/index";
import { type Chain, type Signer, at, openChain } from "../../helpers/contracts/chain.ts";
import { JobDriver } from "../../helpers/contracts/job-driver.ts";
import { type JobTerms, NO_PERMIT, budgetTerms } from "../../helpers/contracts/job-params.ts";
import { WEALTH, type World, deployedMarket } from "../../helpers/contracts/world.ts";

interface Ledger {
  getAddress(): Promise<string>;
}

/** A payment that can use a permit. */
interface Payment {
  readonly name: string;
  readonly payer: (world: World) => Signer;
  readonly ledger: (world: World) => Ledger;
  readonly amount: (terms: JobTerms) => bigint;
  readonly pay: (job: JobDriver, permit: Permit) => Promise<unknown>;
}

const PAYMENTS: readonly Payment[] = [
  {
    name: "posting",
    payer: ({ initiator }) => initiator,
    ledger: ({ market }) => market,
    amount: ({ reward, initiatorBond }) => reward + initiatorBond,
    pay: ({ world, terms }, permit) => world.market.connect(world.initiator).postJob(terms, permit),
  },
  {
    name: "joining",
    payer: ({ trainers }) => at(trainers, 0),
    ledger: ({ market }) => market,
    amount: ({ bond }) => bond,
    pay: async ({ world, id, calls }, permit) =>
      world.market.connect(at(world.trainers, 0)).joinJob(id, await calls.termsHash(), [], permit),
  },
  {
    name: "staking",
    payer: ({ validators }) => at(validators, 0),
    ledger: ({ registry }) => registry,
    amount: ({ seatLock }) => seatLock,
    pay: ({ world, terms }, permit) =>
      world.registry.connect(at(world.validators, 0)).stake(terms.token, terms.seatLock, permit),
  },
];

describe("A signed allowance (EIP-2612)", function () {
  this.timeout(60_000);
  let chain: Chain;
  before(async () => {
    chain = await openChain();
  });

  for (const { name, payer, ledger, amount, pay } of PAYMENTS) {
    describe(`for ${name}`, () => {
      it("pays without an approval before, once", async () => {
        const { job, token } = await posted();
        const [from, due] = [payer(job.world), amount(job.terms)];
        const permit = await signed(token, from, ledger(job.world), due);
        await expect(pay(job, permit)).to.changeTokenBalance(chain.ethers, token, from, -due);
        expect(await token.allowance(from, await ledger(job.world).getAddress())).to.equal(0n);
      });

      it("that somebody else handed in first does not stop the payment", async () => {
        const { job, token } = await posted();
        const [from, due] = [payer(job.world), amount(job.terms)];
        const { deadline, v, r, s } = await signed(token, from, ledger(job.world), due);
        const spender = await ledger(job.world).getAddress();
        await token.connect(job.world.stranger).permit(from, spender, due, deadline, v, r, s);
        await expect(pay(job, { deadline, v, r, s })).to.changeTokenBalance(chain.ethers, token, from, -due);
      });

      it("that is worth nothing leaves the payment to the approval: none, no payment", async () => {
        const { job, token } = await posted();
        const [from, due] = [payer(job.world), amount(job.terms)];
        const { stranger, market } = job.world;
        const worthless = [
          await signed(token, stranger, ledger(job.world), due),
          await signed(token, from, ledger(job.world), due - 1n),
          await signed(token, from, { getAddress: () => Promise.resolve(stranger.address) }, due),
          await signed(token, from, ledger(job.world), due, 1n),
          NO_PERMIT,
        ];
        for (const permit of worthless) {
          await expect(pay(job, permit)).to.be.revertedWithCustomError(token, "ERC20InsufficientAllowance");
        }
        expect(await token.balanceOf(from)).to.equal(WEALTH);
        expect(await job.world.book.jobCount()).to.equal(1n);
        expect(await market.liabilities(token)).to.equal(job.terms.reward);
      });

      it("that is worth nothing does no harm where there is an approval", async () => {
        const { job, token } = await posted();
        const [from, due] = [payer(job.world), amount(job.terms)];
        await token.connect(from).approve(await ledger(job.world).getAddress(), due);
        const permit = await signed(token, job.world.stranger, ledger(job.world), due);
        await expect(pay(job, permit)).to.changeTokenBalance(chain.ethers, token, from, -due);
      });

      it("is passed over by a token that knows none, where there is an approval", async () => {
        const { job } = await posted();
        const plain = await JobDriver.post(job.world, { ...job.terms, token: await job.world.token.getAddress() });
        const permit = { ...NO_PERMIT, deadline: 2n ** 40n, v: 27 };
        await expect(pay(plain, permit)).to.changeTokenBalance(
          chain.ethers,
          job.world.token,
          payer(job.world),
          -amount(job.terms),
        );
      });
    });
  }

  it("for an address without a contract fails with a name, as without a permit", async () => {
    const { job } = await posted();
    const { market, registry, initiator, stranger } = job.world;
    for (const permit of [NO_PERMIT, { ...NO_PERMIT, deadline: 2n ** 40n }]) {
      const post = market.connect(initiator).postJob({ ...job.terms, token: stranger.address }, permit);
      await expect(post).to.be.revertedWithCustomError(market, "Ledger_NoToken").withArgs(stranger.address);
      const stake = registry.connect(stranger).stake(stranger.address, 1n, permit);
      await expect(stake).to.be.revertedWithCustomError(registry, "Ledger_NoToken").withArgs(stranger.address);
    }
  });

  it("that is not given is asked for nowhere: the token is called for the payment alone", async () => {
    const { job } = await posted();
    const { registry, stranger } = job.world;
    const token = await chain.ethers.deployContract("HostileToken");
    await token.mint(stranger, 7n);
    // When the token is called, the payment must already be booked.
    await token.reenter(registry, registry.interface.encodeFunctionData("liabilities", [await token.getAddress()]));
    await registry.connect(stranger).stake(token, 7n, NO_PERMIT);
    expect(BigInt(await token.answer())).to.equal(7n);
  });

  it("of another cannot be spent: it pays for nobody but its owner", async () => {
    const { job, token } = await posted();
    const { market, registry, stranger } = job.world;
    const victim = at(job.world.trainers, 0);
    const toMarket = await signed(token, victim, market, job.terms.bond);
    const toRegistry = await signed(token, victim, registry, job.terms.seatLock, undefined, 0n);
    await expect(
      market.connect(stranger).joinJob(job.id, await job.calls.termsHash(), [], toMarket),
    ).to.be.revertedWithCustomError(token, "ERC20InsufficientAllowance");
    await expect(
      registry.connect(stranger).stake(job.terms.token, job.terms.seatLock, toRegistry),
    ).to.be.revertedWithCustomError(token, "ERC20InsufficientAllowance");
    expect(await token.balanceOf(victim)).to.equal(WEALTH);
  });

  /** A job in a token with permits; the only approval is the initiator's, for the job's reward. */
  async function posted(): Promise<{ job: JobDriver; token: PermitToken }> {
    const world = await deployedMarket(chain);
    const token: PermitToken = await chain.ethers.deployContract("PermitToken");
    for (const user of world.everyone) await token.mint(user.address, WEALTH);
    const terms = budgetTerms(await token.getAddress(), await chain.helpers.time.latest());
    await token.connect(world.initiator).approve(world.market, terms.reward);
    const job = await JobDriver.post(world, terms);
    await token.mint(world.initiator, terms.reward);
    return { job, token };
  }

  async function signed(
    token: PermitToken,
    owner: Signer,
    spender: Ledger,
    value: bigint,
    deadline = 2n ** 40n,
    nonce?: bigint,
  ): Promise<Permit> {
    const [, name, version, chainId, verifyingContract] = await token.eip712Domain();
    const domain: TypedDataDomain = { name, version, chainId, verifyingContract };
    const terms = { owner: owner.address, spender: await spender.getAddress(), value, deadline };
    return signPermit(owner, domain, { ...terms, nonce: nonce ?? (await token.nonces(owner)) });
  }
});
