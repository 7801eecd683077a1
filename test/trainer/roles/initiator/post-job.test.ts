import { expect } from "chai";
import { ContractFactory, HDNodeWallet, JsonRpcProvider, ZeroHash, parseEther, type InterfaceAbi } from "ethers";

import { bytecodeOf, readArtifact } from "../../../../trainer/local-chain/artifacts.ts";
import { deployMarket } from "@commonweight/sdk/chain/deploy-market";
import type { LocalChain } from "../../../../trainer/local-chain/local-chain.ts";
import { connectContracts, contractInterfaces, type Contracts } from "@commonweight/sdk/chain/contracts";
import type { JobParams } from "@commonweight/sdk/protocol/job-params";
import { LOCAL_CHAIN_MNEMONIC } from "@commonweight/sdk/chain/local-chain";
import { openEvmChain } from "../../../../trainer/chain/evm.ts";
import type { Chain } from "../../../../trainer/chain/port.ts";
import { postJob } from "../../../../trainer/roles/initiator/post-job.ts";
import type { PermitToken } from "@commonweight/sdk/abi/typechain/mocks/index";
import { startHardhatNode } from "../../../helpers/hardhat-node.ts";
import { MemoryJournal } from "../../../helpers/memory-journal.ts";
import { silentLog } from "../../../../trainer/log.ts";

const REWARD = parseEther("2");
const DIGEST = `0x${"11".repeat(32)}`;
const { signal } = new AbortController();

/** Simulated end of the process at a chosen place. */
class Crash extends Error {}

describe("posting a job", function () {
  this.timeout(60_000);
  let node: LocalChain;
  let provider: JsonRpcProvider;
  let contracts: Contracts;
  let chain: Chain;
  let journal: MemoryJournal;
  let token: string;

  before(async () => {
    node = await startHardhatNode();
    provider = new JsonRpcProvider(node.url, undefined, { cacheTimeout: -1 });
    const wallet = HDNodeWallet.fromPhrase(LOCAL_CHAIN_MNEMONIC);
    const deployment = await deployMarket(wallet.connect(provider), { bytecodeOf, thawPeriod: 1 });
    token = deployment.wrappedNative;
    journal = new MemoryJournal();
    chain = await openEvmChain({
      rpcUrls: [node.url],
      expectedChainId: deployment.chainId,
      wallet,
      pollMs: 20,
      journal,
      interfaces: contractInterfaces,
      log: silentLog,
    });
    contracts = connectContracts(deployment, chain.runner);
  });

  after(async () => {
    chain.close();
    provider.destroy();
    await node.stop();
  });

  /** Deploys a token with permits, and mints enough for a job. */
  async function deployPermitToken(): Promise<string> {
    const wallet = HDNodeWallet.fromPhrase(LOCAL_CHAIN_MNEMONIC).connect(provider);
    const { abi, bytecode } = readArtifact("mocks/PermitToken");
    const contract = await new ContractFactory(abi as InterfaceAbi, bytecode, wallet).deploy();
    // Cast: TypeChain's type describes this artifact.
    const deployed = (await contract.waitForDeployment()) as unknown as PermitToken;
    await (await deployed.mint(wallet.address, REWARD)).wait();
    return deployed.getAddress();
  }

  const post = async (fingerprint: string, used: Chain = chain, changes: Partial<JobParams> = {}, again = false) => {
    const { timestamp } = await chain.head(signal);
    const params = paramsOf({ token, deadline: timestamp + 3_600, ...changes });
    return postJob({ chain: used, contracts, journal, log: silentLog }, params, { fingerprint, again }, signal);
  };

  it("moves no money for parameters that the market refuses", async () => {
    const sent: string[] = [];
    expect(await codeOf(post("out of range", listening(chain, sent), { committeeSize: 2 }))).to.equal("JOB_PARAMETER");
    expect(sent).to.deep.equal([]);
  });

  it("makes a new plan after the market refused the call", async () => {
    expect(await codeOf(post("refused call", refusing(chain, "postJob")))).to.equal("TOKEN_BALANCE");
    const deadline = (await chain.head(signal)).timestamp + 100_000;
    const { jobId } = await post("refused call", chain, { deadline });
    expect((await contracts.book.paramsOf(jobId)).deadline).to.equal(BigInt(deadline));
  });

  it("fails if the market refuses, and makes a new plan afterwards", async () => {
    const refused = await codeOf(post("refused", chain, { committeeSize: 2 }));
    expect(refused).to.equal("JOB_PARAMETER");
    const before = await contracts.book.jobCount();
    const { jobId, isKnown } = await post("refused");
    expect([jobId, isKnown]).to.deep.equal([before + 1n, false]);
  });

  for (const [place, crashing] of [
    ["before anything is sent", (own: Chain) => crashAt(own, "deposit", "before")],
    ["after the coins are wrapped", (own: Chain) => crashAt(own, "deposit", "after")],
    ["after the reward is approved", (own: Chain) => crashAt(own, "approve", "after")],
    ["after the job is posted", (own: Chain) => crashAt(own, "postJob", "after")],
  ] as const) {
    it(`posts once after a crash ${place}`, async () => {
      const before = await contracts.book.jobCount();
      const coins = await contracts.wrappedNative.balanceOf(chain.account);
      expect(await codeOf(post(place, crashing(chain)))).to.equal("Crash");
      const resumed = await post(place);
      expect(resumed.jobId).to.equal(before + 1n);
      expect(await contracts.book.jobCount()).to.equal(before + 1n);
      expect(await contracts.wrappedNative.balanceOf(chain.account)).to.equal(coins);
      expect(await post(place)).to.deep.equal({ jobId: before + 1n, isKnown: true });
    });
  }

  it("signs a permit where the token takes one: no approval is sent", async () => {
    const permitToken = await deployPermitToken();
    const sent: string[] = [];
    const { jobId } = await post("permit", listening(chain, sent), { token: permitToken });
    expect(sent).to.deep.equal(["postJob"]);
    expect((await contracts.book.paramsOf(jobId)).token).to.equal(permitToken);
  });

  it("posts by approval after a crash that outlived its permit", async () => {
    const permitToken = await deployPermitToken();
    const changes = { token: permitToken, deadline: (await chain.head(signal)).timestamp + 100_000 };
    expect(await codeOf(post("old permit", crashAt(chain, "postJob", "before"), changes))).to.equal("Crash");
    await provider.send("evm_increaseTime", [3_601]);
    await provider.send("evm_mine", []);
    const sent: string[] = [];
    await post("old permit", listening(chain, sent), changes);
    expect(sent).to.deep.equal(["postJob", "approve", "postJob"]);
  });

  it("posts again where a reorganisation took the job away, or gave its number to another", async () => {
    const before: unknown = await provider.send("evm_snapshot", []);
    const first = await post("reorganised");
    await provider.send("evm_revert", [before]);
    const second = await post("another", chain, { specDigest: `0x${"77".repeat(32)}` });
    expect(second.jobId, "it takes the number").to.equal(first.jobId);
    expect(await post("reorganised")).to.deep.equal({ jobId: first.jobId + 1n, isKnown: false });
    expect(await post("reorganised")).to.deep.equal({ jobId: first.jobId + 1n, isKnown: true });
  });

  it("posts the same job again where that is asked for", async () => {
    const first = await post("twice");
    const second = await post("twice", chain, {}, true);
    expect(second).to.deep.equal({ jobId: first.jobId + 1n, isKnown: false });
  });
});

/** A chain that simulates a crash at a call with this label, before it is sent or after it is included. */
function crashAt(chain: Chain, label: string, when: "before" | "after"): Chain {
  return {
    chainId: chain.chainId,
    account: chain.account,
    confirmations: chain.confirmations,
    runner: chain.runner,
    signer: chain.signer,
    head: (aborted) => chain.head(aborted),
    untilNextBlock: (aborted) => chain.untilNextBlock(aborted),
    close: () => undefined,
    async send(call, aborted) {
      if (call.label === label && when === "before") throw new Crash();
      const outcome = await chain.send(call, aborted);
      if (call.label === label) throw new Crash();
      return outcome;
    },
  };
}

/** A chain that refuses calls with this label. */
function refusing(chain: Chain, label: string): Chain {
  const { chainId, account, confirmations, runner, signer } = chain;
  const rest = {
    head: chain.head.bind(chain),
    untilNextBlock: chain.untilNextBlock.bind(chain),
    close: () => undefined,
  };
  return {
    ...{ chainId, account, confirmations, runner, signer, ...rest },
    async send(call, aborted) {
      if (call.label !== label) return chain.send(call, aborted);
      return { kind: "refused", error: "ERC20InsufficientBalance", args: [account, 0n, 1n] };
    },
  };
}

/** A chain that records the labels of sent calls. */
function listening(chain: Chain, sent: string[]): Chain {
  const { chainId, account, confirmations, runner, signer } = chain;
  const rest = {
    head: chain.head.bind(chain),
    untilNextBlock: chain.untilNextBlock.bind(chain),
    close: () => undefined,
  };
  return {
    ...{ chainId, account, confirmations, runner, signer, ...rest },
    send(call, aborted) {
      sent.push(call.label);
      return chain.send(call, aborted);
    },
  };
}

async function codeOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
    return "none";
  } catch (error) {
    if (error instanceof Crash) return "Crash";
    return error instanceof Error && "code" in error ? String(error.code) : String(error);
  }
}

function paramsOf(changes: Pick<JobParams, "token" | "deadline"> & Partial<JobParams>): JobParams {
  return {
    reward: REWARD,
    bond: 1n,
    seatLock: 1n,
    initiatorBond: 0n,
    validatorShareBps: 1_500,
    rounds: 2,
    maxUpdates: 8,
    committeeSize: 5,
    minTrainers: 1,
    minValidators: 3,
    holdout: "public",
    scoring: "contribution",
    payRule: "by-gain",
    clusters: false,
    sync: "bsp",
    retrainQuota: 1,
    releaseCount: 0,
    releaseBps: 0,
    tolerance: 1,
    maxTolerance: 1,
    noiseFloor: 0,
    acceptance: 0,
    margin: 0,
    targetScore: 0,
    minTraining: 0,
    trainingPeriod: 60,
    disclosurePeriod: 60,
    scoringPeriod: 60,
    revealPeriod: 60,
    attestationPeriod: 60,
    settlementPeriod: 60,
    specDigest: DIGEST,
    modelDigest: DIGEST,
    holdoutRoot: ZeroHash,
    invitationRoot: ZeroHash,
    milestones: [],
    ...changes,
  };
}
