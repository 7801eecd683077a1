import type { ContractTransactionReceipt, ContractTransactionResponse, Signer } from "ethers";

import { CommonweightError } from "../errors.ts";
import { encodeJobParams, type JobParams } from "../protocol/job-params.ts";
import type { Contracts } from "./contracts.ts";
import { NO_PERMIT } from "./permit.ts";

export interface PostedJob {
  readonly jobId: bigint;
  /** Block that contains the job's first event. */
  readonly block: number;
}

/**
 * Funds and posts a job from the account that the contracts are connected with: wraps the native coins that are
 * missing, approves exactly the reward and the initiator's bond, then posts. Up to three transactions, each awaited.
 *
 * It keeps no record: after a crash, look for the job's `JobPosted` event before posting again.
 *
 * @throws CHAIN_NO_SIGNER the contracts are connected for reading only · ethers' error with the revert reason
 */
export async function postJob(contracts: Contracts, params: JobParams): Promise<PostedJob> {
  const { market, wrappedNative } = contracts;
  const signer = signerOf(contracts);
  const owner = await signer.getAddress();
  const spender = await market.getAddress();
  const token = contracts.token(params.token);
  const amount = params.reward + params.initiatorBond;
  const [balance, allowance, isNative] = await Promise.all([
    token.balanceOf(owner),
    token.allowance(owner, spender),
    wrappedNative.getAddress().then((address) => address.toLowerCase() === params.token.toLowerCase()),
  ]);

  // Read once: the provider would answer a second call from its cache.
  let nonce = await signer.getNonce("pending");
  if (isNative && balance < amount) {
    await mined(wrappedNative.deposit({ value: amount - balance, nonce: nonce++ }));
  }
  if (allowance < amount) await mined(token.approve(spender, amount, { nonce: nonce++ }));
  return postedJob(contracts, await mined(market.postJob(encodeJobParams(params), NO_PERMIT, { nonce })));
}

function signerOf({ market }: Contracts): Signer {
  // Cast: ethers' own test of whether a runner signs.
  const runner = market.runner as Signer | null;
  if (typeof runner?.getAddress === "function") return runner;
  throw new CommonweightError(
    "CHAIN_NO_SIGNER",
    "the contracts are connected for reading only",
    "Connect them with a signer that has a provider: connectContracts(deployment, signer).",
  );
}

async function mined(sent: Promise<ContractTransactionResponse>): Promise<ContractTransactionReceipt> {
  const receipt = await (await sent).wait();
  if (receipt === null) throw new Error("the transaction has no receipt");
  return receipt;
}

function postedJob({ market }: Contracts, { logs, blockNumber }: ContractTransactionReceipt): PostedJob {
  for (const log of logs) {
    const event = market.interface.parseLog(log);
    if (event?.name === "JobPosted") return { jobId: event.args.getValue("jobId") as bigint, block: blockNumber };
  }
  throw new Error("the job was posted, but its event is missing");
}
