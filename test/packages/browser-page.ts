// The page that browser.test.ts opens: reads a job through the sdk, without Node's modules.
import { JsonRpcProvider, ZeroAddress } from "ethers";

import { connectContracts } from "@commonweight/sdk/chain/contracts";
import { deploymentOf } from "@commonweight/sdk/chain/deployment";
import { readJob, readJobParams } from "@commonweight/sdk/chain/read-job";
import { contentIdOf } from "@commonweight/sdk/protocol/content-id";

/** The page's result, in serialisable types. */
export interface JobOnPage {
  readonly phase: string;
  readonly reward: string;
  readonly rounds: number;
  readonly model: string;
}

/** Reads a job at the newest block. */
export async function readJobOnPage(url: string, deployment: unknown, job: string): Promise<JobOnPage> {
  const provider = new JsonRpcProvider(url);
  try {
    const contracts = connectContracts(deploymentOf(deployment), provider);
    const [params, block] = await Promise.all([readJobParams(contracts, BigInt(job)), provider.getBlock("latest")]);
    if (block === null) throw new Error("the chain has no block");
    const view = await readJob(contracts, { jobId: BigInt(job), params, account: ZeroAddress, block });
    const { reward, rounds } = params;
    return { phase: view.phase, reward: reward.toString(), rounds, model: contentIdOf(view.modelDigest) };
  } finally {
    provider.destroy();
  }
}
