import { expect } from "chai";
import { HDNodeWallet, JsonRpcProvider, ZeroHash, parseEther } from "ethers";

import { connectContracts, contractInterfaces, type Contracts } from "@commonweight/sdk/chain/contracts";
import { deployMarket } from "@commonweight/sdk/chain/deploy-market";
import { LOCAL_CHAIN_MNEMONIC } from "@commonweight/sdk/chain/local-chain";
import { CommonweightError } from "@commonweight/sdk/errors";
import type { JobParams } from "@commonweight/sdk/protocol/job-params";
import { openEvmChain } from "../../../../trainer/chain/evm.ts";
import type { Chain } from "../../../../trainer/chain/port.ts";
import { bytecodeOf } from "../../../../trainer/local-chain/artifacts.ts";
import type { LocalChain } from "../../../../trainer/local-chain/local-chain.ts";
import { silentLog } from "../../../../trainer/log.ts";
import { postJob } from "../../../../trainer/roles/initiator/post-job.ts";
import type { JobPolicy } from "../../../../trainer/roles/policy/judge-job.ts";
import { takeJobs } from "../../../../trainer/roles/policy/take-jobs.ts";
import { provideToken } from "../../../../trainer/roles/worker/provide-token.ts";
import { callOf, insist } from "../../../../trainer/roles/worker/send.ts";
import { startHardhatNode } from "../../../helpers/hardhat-node.ts";
import { MemoryJournal } from "../../../helpers/memory-journal.ts";

const DIGEST = `0x${"11".repeat(32)}`;
/** Rewards of jobs 1 to 5, in coins. */
const REWARDS = ["3", "1", "3", "3", "3"];

describe("a worker that takes jobs by its policy", function () {
  this.timeout(60_000);
  let node: LocalChain;
  let provider: JsonRpcProvider;
  let contracts: Contracts;
  let initiator: Chain;
  /** The worker's. */
  let chain: Chain;
  let policy: JobPolicy;
  let post: (reward: string) => Promise<unknown>;

  before(async () => {
    node = await startHardhatNode({ intervalMs: 100 });
    provider = new JsonRpcProvider(node.url, undefined, { cacheTimeout: -1 });
    const wallet = HDNodeWallet.fromPhrase(LOCAL_CHAIN_MNEMONIC);
    const deployment = await deployMarket(wallet.connect(provider), { bytecodeOf, thawPeriod: 1 });
    const place = { rpcUrls: [node.url], expectedChainId: deployment.chainId, interfaces: contractInterfaces };
    const journal = new MemoryJournal();
    initiator = await openEvmChain({ ...place, wallet, pollMs: 20, journal, log: silentLog });
    const other = HDNodeWallet.fromPhrase(LOCAL_CHAIN_MNEMONIC, undefined, "m/44'/60'/0'/0/1");
    chain = await openEvmChain({ ...place, wallet: other, pollMs: 20, journal: new MemoryJournal(), log: silentLog });
    contracts = connectContracts(deployment, chain.runner);
    const { signal } = new AbortController();
    let posted = 0;
    post = async (reward) => {
      const { timestamp } = await initiator.head(signal);
      const params = paramsOf(deployment.wrappedNative, parseEther(reward), timestamp + 3_600);
      const how = { fingerprint: `${++posted}`, again: false };
      return postJob({ chain: initiator, contracts, journal, log: silentLog }, params, how, signal);
    };
    for (const reward of REWARDS) await post(reward);
    policy = { token: deployment.wrappedNative, minReward: parseEther("2"), initiators: [], most: 2 };
  });
  after(async () => {
    chain.close();
    initiator.close();
    provider.destroy();
    await node.stop();
  });

  /** Starts the search; its jobs run until the test ends them. */
  function start(changes: Partial<JobPolicy> = {}, modelBytes: (jobId: bigint) => Promise<number> = sizeOf) {
    const stop = new AbortController();
    const running = new Map<bigint, { readonly terms: string; readonly end: (error?: Error) => void }>();
    const told: string[] = [];
    const tell = (context: object, message: string) => told.push(`${message} ${Object.values(context).join(" ")}`);
    const log = { ...silentLog, info: tell, warn: tell };
    const run = (jobId: bigint, terms: string) =>
      new Promise<void>((resolve, reject) => {
        const end = (error?: Error) => {
          running.delete(jobId);
          return error === undefined ? resolve() : reject(error);
        };
        running.set(jobId, { terms, end });
        stop.signal.addEventListener("abort", () => end());
      });
    const modules = { chain, contracts, log, modelBytes, run };
    const over = takeJobs(modules, { ...policy, ...changes }, stop.signal);
    const ids = () => [...running.keys()].toSorted().map(Number);
    const stopped = async () => {
      stop.abort();
      await over;
    };
    return { running, told, ids, stopped, over };
  }

  it("takes the newest that fit, as many as it may, with the terms that it judged", async () => {
    const { running, ids, stopped } = start();
    await until(() => running.size === 2);
    expect(ids()).to.deep.equal([4, 5]);
    expect(running.get(5n)?.terms).to.equal(await contracts.book.termsOf(5n));
    await stopped();
  });

  it("takes another where one is over or fails, says once why it refuses one, and finds new ones", async () => {
    const { running, told, ids, stopped } = start();
    await until(() => running.size === 2);
    running.get(5n)?.end(new CommonweightError("JOB_SPEC_MISMATCH", "they differ", "Take another."));
    await until(() => running.has(3n));
    running.get(4n)?.end();
    await until(() => running.has(1n));
    expect(ids()).to.deep.equal([1, 3]);
    running.get(1n)?.end();
    await post("2");
    await until(() => running.has(6n));
    expect(told.filter((line) => line.startsWith("the policy refuses"))).to.deep.equal([
      "the policy refuses the job 2 reward",
    ]);
    expect(told.filter((line) => line.startsWith("job given up 5 JOB_SPEC_MISMATCH"))).to.have.lengthOf(1);
    await stopped();
  });

  it("refuses a model that is too large, and one whose files it cannot read, and goes on with the others", async () => {
    const sizes = async (jobId: bigint) => {
      if (jobId === 5n) throw new CommonweightError("CONTENT_UNAVAILABLE", "nobody serves it", "Wait.");
      return jobId === 4n ? 1_001 : 1_000;
    };
    const { running, told, ids, stopped } = start({ maxModelBytes: 1_000, most: 8 }, sizes);
    await until(() => running.has(1n) && told.some((line) => line.endsWith("5 files")));
    expect(ids()).to.deep.equal([1, 3, 6]);
    expect(told).to.include("the policy refuses the job 4 model-size");
    await stopped();
  });

  it("goes on first with a job in which its account takes part, whatever the policy says of it", async () => {
    const { signal } = new AbortController();
    const modules = { chain, contracts, log: silentLog };
    const permit = await provideToken(modules)(policy.token, 1n, signal);
    const terms = await contracts.book.termsOf(2n);
    const outcome = await insist(modules, await callOf(contracts.market.joinJob, 2n, terms, [], permit), signal);
    expect(outcome.kind).to.equal("included");
    const { running, told, ids, stopped } = start();
    await until(() => running.size === 2);
    expect(ids()).to.deep.equal([2, 6]);
    expect(told[0]).to.equal("taking the job 2");
    await stopped();
  });

  it("ends with a defect of a job, once the others have ended", async () => {
    const { running, over } = start();
    await until(() => running.size === 2);
    const [one, other] = [...running.values()];
    one?.end(new TypeError("a defect"));
    other?.end();
    let message = "none";
    try {
      await Promise.race([over, new Promise((resolve) => setTimeout(resolve, 20_000))]);
    } catch (error) {
      message = error instanceof TypeError ? error.message : "another";
    }
    for (const { end } of running.values()) end();
    expect(message).to.equal("a defect");
  });
});

const sizeOf = async () => Promise.resolve(0);

/** Gives up after half a minute, so that a failure ends the test's process. */
async function until(isSo: () => boolean): Promise<void> {
  for (let left = 3_000; !isSo(); left--) {
    if (left === 0) throw new Error("It never came about.");
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

function paramsOf(token: string, reward: bigint, deadline: number): JobParams {
  const periods = { trainingPeriod: 60, disclosurePeriod: 60, scoringPeriod: 60, revealPeriod: 60 };
  const scores = { tolerance: 1, maxTolerance: 1, noiseFloor: 0, acceptance: 0, margin: 0, targetScore: 0 };
  return {
    ...{ token, deadline, reward, bond: 1n, seatLock: 1n, initiatorBond: 0n, validatorShareBps: 1_500, rounds: 2 },
    ...{ maxUpdates: 8, committeeSize: 5, minTrainers: 1, minValidators: 3, holdout: "public", clusters: false },
    ...{ scoring: "contribution", payRule: "by-gain", sync: "bsp", retrainQuota: 1, releaseCount: 0, releaseBps: 0 },
    ...{ ...scores, ...periods, minTraining: 0, attestationPeriod: 60, settlementPeriod: 60, milestones: [] },
    ...{ specDigest: DIGEST, modelDigest: DIGEST, holdoutRoot: ZeroHash, invitationRoot: ZeroHash },
  };
}
