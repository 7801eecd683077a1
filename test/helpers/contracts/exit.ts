import { expect } from "chai";
import { AbiCoder, keccak256 } from "ethers";

import { creditAll } from "../../../experiments/lab/driver/credit-all.ts";
import type { JobDriver } from "./job-driver.ts";
import { THAW_PERIOD, type World } from "./world.ts";

/**
 * Brings a job to Closed with a stranger's permissionless calls and time jumps only; throws after `maxSteps` steps.
 */
export async function strangerCloses(job: JobDriver, maxSteps = 80): Promise<void> {
  for (let step = 0; step < maxSteps; step++) {
    if ((await job.phase()) === "closed") return;
    await strangerStep(job);
  }
  throw new Error(`still in ${await job.phase()} after ${maxSteps} steps`);
}

async function strangerStep(job: JobDriver): Promise<void> {
  switch (await job.phase()) {
    case "waiting":
      await job.passDeadline();
      await job.close();
      return;
    case "training":
      return job.passTraining();
    case "disclosure":
      return job.passDisclosure();
    case "draw":
      if ((await job.calls.enlistedCount()) >= 3n) return drawAgain(job);
      await job.passDeadline();
      await job.close();
      return;
    case "scoring":
      return job.passScoring();
    case "reveal":
      return job.passReveal();
    case "tally":
      await job.tally(16);
      return;
    case "attestation":
      return job.passAttestation();
    case "settlement":
      await job.passSettlement();
      await job.failAttempt();
      return;
    case "none":
    case "closed":
  }
}

async function drawAgain(job: JobDriver): Promise<void> {
  const attempt = await job.attempt();
  const armed = attempt === 0n ? 0n : (await job.committee()).committee.seedBlock;
  const block = BigInt(await job.world.chain.ethers.provider.getBlockNumber());
  if (armed === 0n || block > armed + 255n) await job.arm();
  await job.draw();
}

/** All accounts withdraw everything that they can claim: pay, bonds, locks, stake. */
export async function everyoneExits(world: World, jobs: readonly JobDriver[]): Promise<void> {
  for (const job of jobs) await creditAll(job);
  for (const job of jobs) await freeCollateral(job);

  const { registry, market, everyone, chain } = world;
  const tokens = [...new Set(jobs.map((job) => job.terms.token))];
  for (const token of tokens) {
    for (const user of everyone) {
      const free = await registry.freeStake(token, user.address);
      if (free > 0n) await registry.connect(user).thaw(token, free);
    }
    await chain.helpers.time.increase(THAW_PERIOD);
    for (const user of everyone) {
      const [thawing] = await registry.thawing(token, user.address);
      if (thawing > 0n) await registry.connect(user).release(token);
      for (const ledger of [market, registry]) {
        const due = await ledger.withdrawable(token, user.address);
        if (due > 0n) await ledger.connect(user).withdraw(token, user.address);
      }
    }
  }
}

/** Asserts that both ledgers only have the burned amounts, plus donations to the market. */
export async function expectDrained(world: World, tokenAddress: string, donated = 0n): Promise<void> {
  const token = await world.chain.ethers.getContractAt("TestToken", tokenAddress);
  for (const [ledger, extra] of [
    [world.market, donated],
    [world.registry, 0n],
  ] as const) {
    const burned = await ledger.burned(tokenAddress);
    expect(await ledger.liabilities(tokenAddress)).to.equal(burned);
    expect(await token.balanceOf(ledger)).to.equal(burned + extra);
  }
  // The pots are checked one by one, because total liabilities do not show which pot has money left.
  for (let jobId = await world.book.jobCount(); jobId > 0n; jobId--) {
    for (const name of ["reward", "earned", "bond"]) {
      const pot = keccak256(AbiCoder.defaultAbiCoder().encode(["string", "uint256"], [name, jobId]));
      expect(await world.market.balanceIn(tokenAddress, pot), `${name} of job ${jobId}`).to.equal(0n);
    }
  }
}

/** A stranger closes the job, all accounts exit, and only burned amounts are left. */
export async function expectExit(job: JobDriver): Promise<void> {
  await strangerCloses(job);
  await everyoneExits(job.world, [job]);
  await expectDrained(job.world, job.terms.token);
}

async function freeCollateral(job: JobDriver): Promise<void> {
  for (const user of job.world.everyone) {
    if ((await job.calls.member(user)).since > 0n) await job.releaseBond(user);
    if (await job.calls.isEnlisted(user)) await job.delist(user);
  }
}
