import type { HDNodeWallet } from "ethers";

import { connectContracts, contractInterfaces } from "@commonweight/sdk/chain/contracts";
import { NO_PERMIT } from "@commonweight/sdk/chain/permit";
import { saltOf } from "@commonweight/sdk/protocol/salts";
import { openEvmChain } from "../../../../trainer/chain/evm.ts";
import type { Chain } from "../../../../trainer/chain/port.ts";
import type { Log } from "../../../../trainer/log.ts";
import { runTrainer } from "../../../../trainer/roles/trainer/run.ts";
import { runValidator } from "../../../../trainer/roles/validator/run.ts";
import { engineScorer } from "../../../../trainer/roles/validator/scorer.ts";
import type { WorkerModules } from "../../../../trainer/roles/worker/modules.ts";
import { FormulaEngine } from "../../../helpers/formula-engine.ts";
import { LONE_SWARM } from "../../../helpers/lone-swarm.ts";
import { MemoryJournal } from "../../../helpers/memory-journal.ts";
import type { Stage } from "./stage.ts";

/** Accuracy rises with the model's first weight, so that an update's value is known beforehand. */
const engine = () => new FormulaEngine(([first = 0]) => 0.5 - Math.max(-0.4, Math.min(0.4, first)));

/** The honest workers of a stage, as the program runs them. */
export interface Workers {
  /** Resolves when all of them see the job closed; rejects as soon as one fails. */
  readonly done: Promise<unknown>;
  close(): void;
}

/** Runs the stage's honest workers, each with a journal of its own. */
export async function startWorkers(
  stage: Stage,
  confirmations: number,
  logOf: (account: string) => Log,
  signal: AbortSignal,
): Promise<Workers> {
  const chains: Chain[] = [];
  const modulesOf = async (wallet: HDNodeWallet): Promise<WorkerModules> => {
    const journal = new MemoryJournal();
    const log = logOf(wallet.address);
    const chain = await openEvmChain({
      ...{ rpcUrls: [stage.chain.url], wallet, pollMs: 50, confirmations, journal, log },
      interfaces: contractInterfaces,
    });
    chains.push(chain);
    const { chainId, rounds, panel } = stage.deployment;
    return {
      ...{ chain, journal, log, network: LONE_SWARM, content: stage.content },
      contracts: connectContracts(stage.deployment, chain.runner),
      saltFor: (purpose) =>
        saltOf(wallet.privateKey, { ...purpose, chainId, contract: purpose.role === "trainer" ? rounds : panel }),
    };
  };
  const running: Promise<void>[] = [];
  for (const [place, wallet] of stage.trainers.entries()) {
    const learner = {
      // An update of 0.05 and 0.1 in the first weight.
      learn: (task: { readonly base: Float32Array }) =>
        Promise.resolve(task.base.map((_, index) => (index === 0 ? 0.05 * (place + 1) : 0))),
    };
    const provideBond = () => Promise.resolve(NO_PERMIT);
    const modules = { ...(await modulesOf(wallet)), learner, engine: engine(), provideBond };
    running.push(runTrainer(modules, { jobId: 1n }, signal));
  }
  for (const wallet of stage.validators) {
    const own = engine();
    const modules = { ...(await modulesOf(wallet)), engine: own, scorer: engineScorer(own) };
    running.push(runValidator(modules, { jobId: 1n }, signal));
  }
  const done = Promise.all(running);
  return { done, close: () => chains.forEach((chain) => chain.close()) };
}
