import { HDNodeWallet, Mnemonic, parseEther } from "ethers";

import { connectContracts, type Contracts } from "@commonweight/sdk/chain/contracts";
import { deployMarket } from "@commonweight/sdk/chain/deploy-market";
import type { Deployment } from "@commonweight/sdk/chain/deployment";
import { LOCAL_CHAIN_MNEMONIC } from "@commonweight/sdk/chain/local-chain";
import { NO_PERMIT } from "@commonweight/sdk/chain/permit";
import { parseJobFile } from "@commonweight/sdk/job-file/job-file";
import { contentIdOf, digestOf } from "@commonweight/sdk/protocol/content-id";
import { jobSpec, serialiseJobSpec } from "@commonweight/sdk/spec/job-spec";
import { JobCalls, postCall } from "../../../../experiments/lab/driver/job-calls.ts";
import { termsOf } from "../../../../experiments/lab/terms.ts";
import { bytecodeOf } from "../../../../trainer/local-chain/artifacts.ts";
import { initialWeights, tensorLayout } from "../../../../trainer/model/model-layout.ts";
import { writeSafetensors } from "../../../../trainer/model/safetensors.ts";
import { loadJobFolder } from "../../../../trainer/roles/initiator/job-data.ts";
import { MemoryStore } from "../../../helpers/memory-store.ts";
import type { AnvilChain } from "./anvil.ts";

export const TRAINERS = 2;
export const VALIDATORS = 4;
export const STAKE = parseEther("1000");
const COINS = parseEther("5000");
const DAY = 86_400;
const DIGITS = "experiments/data/digits";
const SIGNAL = new AbortController().signal;

/** One job of one round on the contracts, and who takes part. */
export interface Stage {
  readonly chain: AnvilChain;
  readonly deployment: Deployment;
  readonly contracts: Contracts;
  readonly content: MemoryStore;
  readonly job: JobCalls;
  readonly trainers: readonly HDNodeWallet[];
  readonly validators: readonly HDNodeWallet[];
  /** A member and a validator that steal. */
  readonly thieves: { readonly trainer: HDNodeWallet; readonly validator: HDNodeWallet };
}

/** Deploys the contracts, gives everyone stake and allowances, and posts the job. */
export async function openStage(chain: AnvilChain): Promise<Stage> {
  const wallets = Array.from({ length: 3 + TRAINERS + VALIDATORS }, (_, account) => walletAt(account, chain));
  const [initiator, trainer, validator] = wallets;
  if (initiator === undefined || trainer === undefined || validator === undefined) throw new Error("no accounts");
  const deployment = await deployMarket(initiator, { bytecodeOf, thawPeriod: DAY });
  const trainers = wallets.slice(3, 3 + TRAINERS);
  const validators = wallets.slice(3 + TRAINERS);
  for (const wallet of wallets) {
    const { wrappedNative, registry } = connectContracts(deployment, wallet);
    await (await wrappedNative.deposit({ value: COINS })).wait();
    await (await wrappedNative.approve(deployment.market, COINS)).wait();
    await (await wrappedNative.approve(deployment.registry, COINS)).wait();
    if (![validator, ...validators].includes(wallet)) continue;
    await (await registry.stake(deployment.wrappedNative, STAKE, NO_PERMIT)).wait();
  }
  const contracts = connectContracts(deployment, chain.provider);
  const content = new MemoryStore();
  const terms = await publish(content, deployment.wrappedNative, (await chain.provider.getBlock("latest"))?.timestamp);
  const call = await postCall(contracts, initiator, terms);
  await (await initiator.sendTransaction(call)).wait();
  const job = new JobCalls(contracts, 1n);
  return { chain, deployment, contracts, content, job, trainers, validators, thieves: { trainer, validator } };
}

async function publish(content: MemoryStore, token: string, now = 0) {
  const { job } = parseJobFile(
    [
      `{ name: Reorganisations, model: linear, rounds: 1, money: { reward: 1000 }, `,
      `data: { folder: ${DIGITS}, partition: { kind: iid, parts: ${TRAINERS + 1} } } }`,
    ].join(""),
    "job.yaml",
  );
  const data = await loadJobFolder(DIGITS, job.data, 1);
  const { id: manifest } = await data.publish(content, SIGNAL);
  const model = {
    ...{ input: [64], classes: 10, seed: 0 },
    layers: [{ type: "dense" as const, units: 10, activation: "softmax" as const }],
  };
  const spec = jobSpec.parse({
    ...{ version: 1, name: "Reorganisations", model, initialModel: contentIdOf(`0x${"11".repeat(32)}`) },
    ...{ data: { kind: "manifest", manifest }, holdout: { kind: "public" }, training: {} },
    scoring: { rule: "accuracy", maxEvaluations: 10 },
    ...{
      aggregation: { rule: "fedavg" },
      serverOptimizer: { kind: "none" },
      update: {},
      servingSeconds: 0,
      invited: [],
    },
  });
  const initialModel = await content.add(writeSafetensors(tensorLayout(spec.model), initialWeights(spec.model)));
  const specDigest = digestOf(await content.add(serialiseJobSpec({ ...spec, initialModel })));
  const choice = {
    rounds: 1,
    scoring: "accuracy",
    committeeSize: VALIDATORS + 1,
    minValidators: VALIDATORS + 1,
  } as const;
  const basis = { token, now, marginBps: 0, specDigest, modelDigest: digestOf(initialModel) };
  return { ...termsOf({ choice, ...basis }), minTrainers: TRAINERS + 1 };
}

function walletAt(account: number, { provider }: AnvilChain): HDNodeWallet {
  const path = `m/44'/60'/0'/0/${account}`;
  return HDNodeWallet.fromMnemonic(Mnemonic.fromPhrase(LOCAL_CHAIN_MNEMONIC), path).connect(provider);
}
