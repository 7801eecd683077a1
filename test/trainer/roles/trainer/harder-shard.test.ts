import { expect } from "chai";
import { HDNodeWallet, JsonRpcProvider, Mnemonic, parseEther } from "ethers";

import { connectContracts, contractInterfaces, type Contracts } from "@commonweight/sdk/chain/contracts";
import { deployMarket } from "@commonweight/sdk/chain/deploy-market";
import type { Deployment } from "@commonweight/sdk/chain/deployment";
import { LOCAL_CHAIN_MNEMONIC } from "@commonweight/sdk/chain/local-chain";
import { NO_PERMIT } from "@commonweight/sdk/chain/permit";
import { parseJobFile } from "@commonweight/sdk/job-file/job-file";
import { holdoutSecrets } from "@commonweight/sdk/protocol/holdout-keys";
import { encodeJobParams } from "@commonweight/sdk/protocol/job-params";
import { saltOf } from "@commonweight/sdk/protocol/salts";
import { bytecodeOf } from "../../../../trainer/local-chain/artifacts.ts";
import type { LocalChain } from "../../../../trainer/local-chain/local-chain.ts";
import { fetchShard, readShard } from "../../../../trainer/data/data-set.ts";
import { openEvmChain } from "../../../../trainer/chain/evm.ts";
import type { Chain } from "../../../../trainer/chain/port.ts";
import type { Engine, EngineInput } from "../../../../trainer/engine/port.ts";
import type { Log } from "../../../../trainer/log.ts";
import type { Samples } from "../../../../trainer/model/tensors.ts";
import { loadJobFolder } from "../../../../trainer/roles/initiator/job-data.ts";
import { prepareJob, resolvePrepared } from "../../../../trainer/roles/initiator/prepare-job.ts";
import { publishJob } from "../../../../trainer/roles/initiator/publish-job.ts";
import { runInitiator } from "../../../../trainer/roles/initiator/run.ts";
import { runTrainer } from "../../../../trainer/roles/trainer/run.ts";
import { runValidator } from "../../../../trainer/roles/validator/run.ts";
import { engineScorer } from "../../../../trainer/roles/validator/scorer.ts";
import type { WorkerModules } from "../../../../trainer/roles/worker/modules.ts";
import { startHardhatNode } from "../../../helpers/hardhat-node.ts";
import { LONE_SWARM } from "../../../helpers/lone-swarm.ts";
import { MemoryJournal } from "../../../helpers/memory-journal.ts";
import { MemoryStore } from "../../../helpers/memory-store.ts";

const DIGITS = "experiments/data/digits";
const BOND = parseEther("1");
/** Three rounds on four shards of 135 samples, with times that nobody has to wait for. */
const JOB = `
name: Bad shards
model: linear
data: {folder: ${DIGITS}, partition: {kind: iid, parts: 2}, holdout: {kind: sealed, share: 0.3}}
money: {reward: 100, bond: 1, seatLock: 2}
rounds: 3
minTrainers: 2
committee: {size: 3, minValidators: 3}
scoring: {rule: accuracy}
times: {training: 5m, disclosure: 5m, scoring: 5m, reveal: 5m, attestation: 5m, settlement: 5m}
`;

/** A model is right on most of the public shard's samples, and on few of the others. */
class Grader implements Engine {
  readonly name = "wasm";
  readonly version = "grader";
  readonly reason = "a rule";
  readonly #isPublic: (samples: Samples) => boolean;

  constructor(isPublic: (samples: Samples) => boolean) {
    this.#isPublic = isPublic;
  }

  evaluate({ samples }: EngineInput) {
    const accuracy = this.#isPublic(samples) ? 0.9 : 0.1;
    return Promise.resolve({ loss: 1 - accuracy, correct: Math.round(accuracy * samples.count), count: samples.count });
  }

  predict(): Promise<never> {
    return Promise.reject(new Error("a rule does not predict"));
  }

  train(): Promise<never> {
    return Promise.reject(new Error("a rule does not train"));
  }
}

/** Log entries of one worker. */
interface Entry {
  readonly code?: string;
  readonly reason?: string;
  readonly round?: number;
}

describe("workers of a job whose shards are harder than the public one", function () {
  this.timeout(180_000);
  const content = new MemoryStore();
  const secrets = holdoutSecrets(`0x${"5".repeat(64)}`);
  const stop = new AbortController();
  const chains: Chain[] = [];
  const logs = new Map<string, Entry[]>();
  let node: LocalChain;
  let provider: JsonRpcProvider;
  let deployment: Deployment;
  let contracts: Contracts;
  let publicLabels = "";
  let wallets: readonly HDNodeWallet[];

  before(async () => {
    node = await startHardhatNode();
    provider = new JsonRpcProvider(node.url, undefined, { cacheTimeout: -1 });
    wallets = Array.from({ length: 6 }, (_, account) =>
      HDNodeWallet.fromMnemonic(Mnemonic.fromPhrase(LOCAL_CHAIN_MNEMONIC), `m/44'/60'/0'/0/${account}`).connect(
        provider,
      ),
    );
    const [initiator] = wallets;
    if (initiator === undefined) throw new Error("no accounts");
    deployment = await deployMarket(initiator, { bytecodeOf, thawPeriod: 1 });
    contracts = connectContracts(deployment, provider);
    for (const wallet of wallets) await provideFor(wallet);
    for (const wallet of wallets.slice(3)) {
      const { registry } = connectContracts(deployment, wallet);
      await (await registry.stake(deployment.wrappedNative, parseEther("10"), NO_PERMIT)).wait();
    }
    await postJob(initiator);
  });

  after(async () => {
    stop.abort();
    for (const chain of chains) chain.close();
    provider.destroy();
    await node.stop();
  });

  async function provideFor(wallet: HDNodeWallet): Promise<void> {
    const { wrappedNative } = connectContracts(deployment, wallet);
    const coins = parseEther("500");
    await (await wrappedNative.deposit({ value: coins })).wait();
    for (const spender of [deployment.market, deployment.registry]) {
      await (await wrappedNative.approve(spender, coins)).wait();
    }
  }

  async function postJob(initiator: HDNodeWallet): Promise<void> {
    const { job } = parseJobFile(JOB, "job.yaml");
    const data = await loadJobFolder(DIGITS, job.data, job.rounds);
    const prepared = await prepareJob(job, data, engine(), stop.signal);
    const token = { address: deployment.wrappedNative, format: { decimals: 18, native: true } };
    const now = (await provider.getBlock("latest"))?.timestamp ?? 0;
    const resolved = resolvePrepared(prepared, { token, now });
    const { params } = await publishJob(content, { ...prepared, ...resolved }, secrets, stop.signal);
    await (
      await connectContracts(deployment, initiator).market.postJob(encodeJobParams({ ...params }), NO_PERMIT)
    ).wait();
  }

  function engine(): Engine {
    return new Grader(({ labels }) => labels.join() === publicLabels);
  }

  async function modulesOf(wallet: HDNodeWallet): Promise<WorkerModules> {
    const journal = new MemoryJournal();
    const entries: Entry[] = [];
    logs.set(wallet.address, entries);
    const note = (context: object) => void entries.push(context);
    const log: Log = { debug: () => {}, info: note, warn: note };
    const chain = await openEvmChain({
      ...{ rpcUrls: [node.url], wallet, pollMs: 50, journal, log, interfaces: contractInterfaces },
    });
    chains.push(chain);
    const { chainId, rounds, panel } = deployment;
    return {
      ...{ chain, journal, log, network: LONE_SWARM, content },
      contracts: connectContracts(deployment, chain.runner),
      saltFor: (purpose) =>
        saltOf(wallet.privateKey, { ...purpose, chainId, contract: purpose.role === "trainer" ? rounds : panel }),
    };
  }

  it("finish the round, leave with their bonds and locks, and stop", async () => {
    const [initiator, ...others] = wallets;
    if (initiator === undefined) throw new Error("no accounts");
    const [trainers, validators] = [others.slice(0, 2), others.slice(2)];
    const done: Promise<void>[] = [];
    for (const wallet of trainers) {
      const learner = { learn: ({ base }: { readonly base: Float32Array }) => Promise.resolve(base.map(() => 0.01)) };
      const modules = { ...(await modulesOf(wallet)), engine: engine(), learner };
      const provideBond = () => Promise.resolve(NO_PERMIT);
      done.push(runTrainer({ ...modules, provideBond }, { jobId: 1n }, stop.signal));
    }
    for (const wallet of validators) {
      const own = engine();
      const modules = { ...(await modulesOf(wallet)), engine: own, scorer: engineScorer(own) };
      done.push(runValidator(modules, { jobId: 1n }, stop.signal));
    }
    const serving = runInitiator(
      {
        ...(await modulesOf(initiator)),
        holdoutSecrets: secrets,
        shelf: { folderOf: () => "", write: () => Promise.resolve([]) },
      },
      { jobId: 1n },
      stop.signal,
    );
    await learnPublicShard();
    await Promise.all(done);

    for (const wallet of [...trainers, ...validators]) {
      const entries = logs.get(wallet.address) ?? [];
      expect(entries.filter(({ code }) => code === "JOB_HARDER_SHARD").map(({ round }) => round)).to.deep.equal([1]);
      expect(entries.at(-1)?.reason).to.equal("exam");
    }
    for (const { address } of trainers) {
      expect(await contracts.market.withdrawable(deployment.wrappedNative, address)).to.equal(BOND);
      expect((await contracts.rounds.memberOf(1n, address)).since).to.equal(0n);
    }
    expect(await contracts.committees.enlistedCount(1n)).to.equal(0n);
    expect((await contracts.lifecycle.resultOf(1n, 1)).attempt).to.equal(1n);
    stop.abort();
    await serving.catch(() => {});
  });

  /** Tells the engines which samples are the public shard's, as soon as that is drawn. */
  async function learnPublicShard(): Promise<void> {
    const { job } = parseJobFile(JOB, "job.yaml");
    const data = await loadJobFolder(DIGITS, job.data, job.rounds);
    const { manifest } = await data.publish(content, stop.signal, secrets);
    const keys = secrets.keysFor(manifest.sealed?.seal ?? "", job.rounds + 1);
    while (BigInt(await contracts.book.holdoutKeyOf(1n, 0)) === 0n) await new Promise((next) => setTimeout(next, 100));
    const shard = Number(await contracts.book.shardOf(1n, 0));
    const slice = manifest.sealed?.shards[shard];
    if (slice === undefined) throw new Error("no shard");
    const bytes = await fetchShard(content, slice, stop.signal);
    publicLabels = readShard(manifest, slice, bytes, keys[shard] ?? "").labels.join();
  }
});
