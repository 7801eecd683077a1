import { expect } from "chai";
import { HDNodeWallet, Mnemonic, ZeroHash, parseEther } from "ethers";

import { drawSeed, mixedEntropy, places } from "@commonweight/sdk/protocol/draw";
import { termsHash } from "@commonweight/sdk/protocol/commitments";
import { type Chain, type Signer, at, openChain } from "../../helpers/contracts/chain.ts";
import { digestOf, randomSalt } from "../../helpers/contracts/commitments.ts";
import {
  PRIVATE_RELEASE,
  SILENT_SEAT,
  confirmingRoundInDraw,
  fundedJob,
  honestSeat,
  roundInDisclosure,
  roundInDraw,
  roundInTraining,
  secondAttemptInDraw,
  secondRoundInTraining,
} from "../../helpers/contracts/fixtures.ts";
import { JobDriver } from "../../helpers/contracts/job-driver.ts";
import { type JobTerms, NO_PERMIT, SYNC, budgetTerms, milestoneTerms } from "../../helpers/contracts/job-params.ts";
import { type World, deployedMarket } from "../../helpers/contracts/world.ts";

const PHRASE = "test test test test test test test test test test test junk";
const FOUNDER = 1n << 64n;

// A reorganisation may put another job under the number that somebody looked at.
describe("A signed transaction that lands in another job", function () {
  this.timeout(120_000);
  let chain: Chain;
  beforeEach(async () => {
    chain = await openChain();
  });

  for (const [call, encode] of [
    ["enlist", (world: World, id: bigint, terms: string) => enlistData(world, id, terms)],
    ["joinJob", (world: World, id: bigint, terms: string) => joinData(world, id, terms)],
  ] as const) {
    it(`${call}: takes nothing there, and what it was signed for in the job itself`, async () => {
      const world = await deployedMarket(chain);
      const [victim, thief] = [at(world.validators, 0), at(world.trainers, 5)];
      await world.registry.connect(victim).stake(world.token, parseEther("50000"), NO_PERMIT);
      const wealth = await world.token.balanceOf(victim);
      const fork = await chain.helpers.takeSnapshot();
      const good = await JobDriver.post(world, milestoneTerms(await world.token.getAddress(), await now()));
      const request = await encode(world, good.id, await good.calls.termsHash());
      const raw = await signed(victim, request);
      await chain.ethers.provider.send("eth_sendRawTransaction", [raw]);
      const taken = call === "enlist" ? good.terms.seatLock : good.terms.bond;
      expect(await boundBy(world, victim, good.id, wealth)).to.equal(taken);

      await fork.restore();
      const terms = { seatLock: parseEther("50000"), bond: parseEther("900000"), reward: 1n, revealPeriod: 1 };
      const evil = await JobDriver.post(
        { ...world, initiator: thief },
        budgetTerms(await world.token.getAddress(), await now(), terms),
      );
      expect(evil.id).to.equal(good.id);
      await expect(chain.ethers.provider.send("eth_sendRawTransaction", [raw])).to.be.revertedWithCustomError(
        world.book,
        "JobBook_OtherTerms",
      );
      expect(await boundBy(world, victim, evil.id, wealth)).to.equal(0n);
    });
  }

  it("with one parameter changed, whichever: is another job", async () => {
    const job = await fundedJob(chain, { milestones: true });
    const { world, terms } = job;
    const hash = await job.calls.termsHash();
    const { chainId } = await chain.ethers.provider.getNetwork();
    const book = await world.book.getAddress();
    const place = { chainId, book, initiator: world.initiator.address };
    expect(termsHash({ ...place, params: terms })).to.equal(hash);
    for (const name of Object.keys(terms) as (keyof JobTerms)[]) {
      expect(termsHash({ ...place, params: { ...terms, [name]: changed(terms[name]) } }), name).not.to.equal(hash);
    }
    for (const other of [{ chainId: 1n }, { book: world.stranger.address }, { initiator: world.stranger.address }]) {
      expect(termsHash({ ...place, ...other, params: terms })).not.to.equal(hash);
    }
  });

  it("of another initiator with the same parameters: is refused; of the same one: is the same job", async () => {
    const job = await fundedJob(chain);
    const { world, terms } = job;
    const hash = await job.calls.termsHash();
    const thief = await JobDriver.post({ ...world, initiator: at(world.trainers, 5) }, terms);
    const again = await JobDriver.post(world, terms);
    const [trainer, validator] = [at(world.trainers, 0), at(world.validators, 0)];
    await job.stake(validator);
    for (const [who, { to, data }] of [
      [trainer, await joinData(world, thief.id, hash)],
      [validator, await enlistData(world, thief.id, hash)],
    ] as const) {
      await expect(who.sendTransaction({ to, data })).to.be.revertedWithCustomError(world.book, "JobBook_OtherTerms");
    }
    await trainer.sendTransaction(await joinData(world, again.id, hash));
    await validator.sendTransaction(await enlistData(world, again.id, hash));
  });

  it("with no terms, or a number that no job has: is refused", async () => {
    const job = await fundedJob(chain);
    const { world } = job;
    const hash = await job.calls.termsHash();
    const trainer = at(world.trainers, 0);
    await job.stake(at(world.validators, 0));
    for (const [id, terms, error, contract] of [
      [job.id, ZeroHash, "JobBook_OtherTerms", world.book],
      [9n, hash, "JobBook_OtherTerms", world.book],
      [9n, ZeroHash, "JobLifecycle_WrongPhase", world.lifecycle],
    ] as const) {
      const joining = trainer.sendTransaction(await joinData(world, id, terms));
      await expect(joining).to.be.revertedWithCustomError(contract, error);
    }
    const unknown = at(world.validators, 0).sendTransaction(await enlistData(world, 9n, ZeroHash));
    await expect(unknown).to.be.revertedWithCustomError(world.committees, "Committees_JobNotOpen");
  });

  function now(): Promise<number> {
    return chain.helpers.time.latest();
  }

  /** What a job holds of an account: its lock and its bond. */
  async function boundBy(world: World, { address }: Signer, id: bigint, wealth: bigint): Promise<bigint> {
    const locked = await world.registry.lockedStake(world.token, address, id);
    return locked + wealth - (await world.token.balanceOf(address));
  }

  async function signed(sender: Signer, { to, data }: { to: string; data: string }): Promise<string> {
    const { provider } = chain.ethers;
    const index = chain.signers.findIndex(({ address }) => address === sender.address);
    const wallet = HDNodeWallet.fromMnemonic(Mnemonic.fromPhrase(PHRASE), `m/44'/60'/0'/0/${index}`);
    const { chainId } = await provider.getNetwork();
    const nonce = await provider.getTransactionCount(sender.address);
    const fees = { gasLimit: 500_000n, maxFeePerGas: 10n ** 11n, maxPriorityFeePerGas: 1n };
    return wallet.signTransaction({ chainId, to, data, nonce, type: 2, ...fees });
  }
});

describe("Nobody chooses a committee", function () {
  this.timeout(120_000);
  let chain: Chain;
  before(async () => {
    chain = await openChain(24);
  });

  for (const [name, reach] of [
    ["a first attempt", (size: number) => roundInDraw(chain, ofNine(size))],
    ["a second attempt", (size: number) => secondAttemptInDraw(chain, ofNine(size))],
    ["a second attempt after a divided one", dividedAttempt],
    ["a confirming round", (size: number) => confirmingRoundInDraw(chain, ofNine(size))],
  ] as const) {
    for (const size of [3, 4, 5, 8]) {
      it(`of ${size} of 9 in ${name}: the block, its time, the caller and what it sends change nothing`, async () => {
        const job = await reach(size);
        const { committees, rounds, panel } = job.world;
        const list = [...(await committees.enlistedOf(job.id))];
        const [round, attempt] = [Number(await job.round()), Number(await panel.dueDraw(job.id, await job.round()))];
        const seed = drawSeed({
          disclosures: await rounds.entropyOf(job.id),
          reveals: await panel.entropyOf(job.id),
          ...{ jobId: job.id, round, attempt },
        });
        const expected = places(seed, Number(await job.calls.drawable()), size).map((place) => at(list, place));
        const data = committees.interface.encodeFunctionData("drawCommittee", [job.id]);
        const time = await job.now();
        for (const [tries, drawer] of job.world.everyone.slice(0, 8).entries()) {
          const copy = await chain.helpers.takeSnapshot();
          await chain.helpers.mine(tries * tries);
          await chain.helpers.time.setNextBlockTimestamp(time + 12 * (tries + 1) * (tries + 1));
          await drawer.sendTransaction({ to: await committees.getAddress(), data: data + randomSalt().slice(2) });
          const { committee, seats } = await job.committee();
          expect(committee.seed).to.equal(seed);
          expect(seats.map(({ validator }) => validator)).to.deep.equal(expected);
          await copy.restore();
        }
      });
    }
  }

  it("by its salt: all were sealed before the first was opened, in any order the same", async () => {
    const job = await roundInDisclosure(chain);
    const trainers = job.world.trainers.slice(0, 3);
    const { hash } = (await chain.ethers.provider.getBlock("latest"))!;
    const before = await job.world.rounds.entropyOf(job.id);
    const salts = trainers.map((trainer) => ({ account: trainer.address, salt: job.updateOpening(trainer, 1n).salt }));
    const expected = mixedEntropy(before, hash!, salts);
    for (const order of [
      [0, 1, 2],
      [2, 1, 0],
      [1, 2, 0],
    ]) {
      const copy = await chain.helpers.takeSnapshot();
      for (const place of order) await job.reveal(at(trainers, place));
      expect(await job.world.rounds.entropyOf(job.id)).to.equal(expected);
      await copy.restore();
    }
    const { digest } = job.updateOpening(at(trainers, 2), 1n);
    await expect(
      job.world.rounds.connect(at(trainers, 2)).revealUpdate(job.id, digest, randomSalt()),
    ).to.be.revertedWithCustomError(job.world.rounds, "TrainingRounds_CommitmentMismatch");
  });

  // Residual: who opens last may keep its update to itself, and sees two draws to choose from.
  it("by opening last: withholding gives one other draw, for a bond or a lock", async () => {
    const job = await roundInDisclosure(chain);
    const [first, second, last] = job.world.trainers.slice(0, 3);
    await job.reveal(first!);
    await job.reveal(second!);
    await job.passDisclosure();
    await job.releaseBond(last!);
    expect(await job.world.market.burned(job.terms.token)).to.equal(job.terms.bond);

    const seats = await secondRoundInTraining(chain);
    await seats.train(await seats.ownUpdates(...seats.world.trainers.slice(0, 3)));
    const honest = honestSeat([1, 2, 3], PRIVATE_RELEASE);
    await seats.score({ honest, seats: { 4: { ...honest, reveals: false } } });
    await seats.tally();
    expect(await seats.world.registry.burned(seats.terms.token)).to.equal(seats.terms.seatLock);
  });

  function ofNine(committeeSize: number) {
    return { enlisted: 9, terms: { committeeSize } };
  }

  async function dividedAttempt(size: number): Promise<JobDriver> {
    const job = await roundInDraw(chain, { milestones: true, ...ofNine(size) });
    const seats: Record<number, ReturnType<typeof honestSeat>> = {};
    for (let seat = 0; seat < Math.floor((size + 1) / 2); seat++)
      seats[seat] = honestSeat([9_000 - seat * 99, 2, 3], undefined);
    await job.score({ honest: honestSeat([1, 2, 3], undefined), seats });
    await job.tally();
    expect(await job.phase()).to.equal("draw");
    return job;
  }
});

describe("Who was a member", function () {
  this.timeout(120_000);
  let chain: Chain;
  before(async () => {
    chain = await openChain();
  });

  const ways: readonly [how: string, leave: () => Promise<{ job: JobDriver; former: Signer }>][] = [
    ["left before the first round", leftWaiting],
    ["left a round in which it sealed nothing", leftIdle],
    ["left with a round that it judged not, and has its bond back", leftAfterRound],
    ["forfeited its bond", forfeited],
    ["left, joined and left again", leftTwice],
    ["left before the progress that it made is confirmed", leftBeforeConfirming],
  ];
  for (const [how, leave] of ways) {
    it(`and ${how}: enlists no more in this job, but in another`, async () => {
      const { job, former } = await leave();
      const { committees } = job.world;
      expect((await job.calls.member(former)).since).to.equal(0n);
      await job.stake(former);
      await expect(job.enlistStaked(former)).to.be.revertedWithCustomError(committees, "Committees_RoleTaken");
      const other = await JobDriver.post(job.world, { ...job.terms, deadline: (await job.now()) + 100_000 });
      await other.enlistStaked(former);
      expect(await other.calls.isEnlisted(former)).to.equal(true);
    });
  }

  it("may join again, and a validator that left the list may join, too", async () => {
    const job = await roundInTraining(chain);
    const trainer = at(job.world.trainers, 2);
    await job.leave(trainer);
    await job.join(trainer);
    const validator = at(job.world.validators, 4);
    await job.delist(validator);
    await job.join(validator);
    await expect(job.enlist(validator)).to.be.revertedWithCustomError(job.world.committees, "Committees_RoleTaken");
  });

  async function leftWaiting() {
    const job = await fundedJob(chain);
    const former = at(job.world.trainers, 0);
    await job.join(former);
    await job.leave(former);
    return { job, former };
  }

  async function leftIdle() {
    const job = await roundInTraining(chain);
    const former = at(job.world.trainers, 0);
    await job.leave(former);
    return { job, former };
  }

  async function leftAfterRound() {
    const job = await roundInDraw(chain);
    const former = at(job.world.trainers, 0);
    await job.leave(former);
    await job.judge({ honest: honestSeat([1, 2, 3], PRIVATE_RELEASE), seats: { 0: SILENT_SEAT } });
    await job.settle(PRIVATE_RELEASE);
    await job.releaseBond(former);
    return { job, former };
  }

  async function forfeited() {
    const job = await roundInDisclosure(chain);
    const former = at(job.world.trainers, 0);
    await job.passDisclosure();
    await job.leave(former);
    expect(await job.world.market.burned(job.terms.token)).to.equal(job.terms.bond);
    return { job, former };
  }

  async function leftTwice() {
    const { job, former } = await leftIdle();
    await job.join(former);
    await job.leave(former);
    return { job, former };
  }

  async function leftBeforeConfirming() {
    const job = await confirmingRoundInDraw(chain, { enlisted: 4 });
    const former = at(job.world.trainers, 0);
    await expect(job.enlist(former)).to.be.revertedWithCustomError(job.world.committees, "Committees_RoleTaken");
    await job.leave(former);
    return { job, former };
  }
});

describe("Whoever opens the first round", function () {
  this.timeout(120_000);
  let chain: Chain;
  before(async () => {
    chain = await openChain();
  });

  for (const [when, terms, pass, founds] of [
    ["in its first second", {}, 0, true],
    ["in its last second", {}, 997, true],
    ["after both others have sealed, before minTraining", { minTraining: 500 }, 400, true],
    ["in the extension of stale synchronous Training", { sync: SYNC.ssp }, 1_200, true],
    ["once Training is over", {}, 1_001, false],
  ] as const) {
    it(`is no founder alone: who joins ${when} is ${founds ? "one" : "none"}`, async () => {
      const job = await foundedByTwo(terms);
      const start = await job.now();
      const [a, b, honest] = job.world.trainers.slice(0, 3);
      if ("minTraining" in terms) await job.commit(b!, "b");
      await job.commit(a!, "a");
      if (pass > 0) await job.passTo(start + pass);
      await job.join(honest!);
      const trust = await Promise.all([a, b, honest].map((trainer) => trustOf(job, trainer!)));
      expect(trust).to.deep.equal([FOUNDER, FOUNDER, founds ? FOUNDER : 0n]);
    });
  }

  it("is no founder alone: who joined in Training has its trust after the first settlement, too", async () => {
    const job = await foundedByTwo({ rounds: 3 });
    const [a, b, honest] = job.world.trainers.slice(0, 3);
    await job.join(honest!);
    await job.train(await job.ownUpdates(a!, b!));
    await job.judge({ honest: honestSeat([100, 100], PRIVATE_RELEASE) });
    await job.settle(PRIVATE_RELEASE);
    expect(await trustOf(job, honest!)).to.equal(FOUNDER);
    const late = at(job.world.trainers, 3);
    await job.join(late);
    expect(await trustOf(job, late)).to.equal(0n);
  });

  async function foundedByTwo(terms: Partial<JobTerms>): Promise<JobDriver> {
    const job = await fundedJob(chain, { terms: { minTrainers: 2, ...terms } });
    await job.enlist(...job.world.validators.slice(0, 5));
    await job.join(...job.world.trainers.slice(0, 2));
    await job.open();
    return job;
  }

  async function trustOf(job: JobDriver, { address }: Signer): Promise<bigint> {
    return (await job.world.trust.trustOf(job.id, address)).value;
  }
});

async function enlistData({ committees }: World, id: bigint, terms: string) {
  const data = committees.interface.encodeFunctionData("enlist", [id, terms]);
  return { to: await committees.getAddress(), data };
}

async function joinData({ market }: World, id: bigint, terms: string) {
  const data = market.interface.encodeFunctionData("joinJob", [id, terms, [], NO_PERMIT]);
  return { to: await market.getAddress(), data };
}

/** Another value of the same type. */
function changed(value: JobTerms[keyof JobTerms]): unknown {
  if (typeof value === "boolean") return !value;
  if (typeof value === "string") return value.length === 42 ? `0x${"aa".repeat(20)}` : digestOf("something else");
  if (Array.isArray(value)) return value.slice(1);
  return BigInt(value) + 1n;
}
