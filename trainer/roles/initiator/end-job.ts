import { CommonweightError } from "@commonweight/sdk/errors";
import type { JobView } from "@commonweight/sdk/chain/job-view";
import { readJob, readJobParams } from "@commonweight/sdk/chain/read-job";
import { nextDuty } from "../worker/duties.ts";
import type { WorkerModules } from "../worker/modules.ts";
import { callOf } from "../worker/send.ts";
import { sendOrFail } from "../worker/send-or-fail.ts";

type EndingModules = Pick<WorkerModules, "chain" | "contracts" | "log">;

/** A job after a refund. */
export interface EndedJob {
  readonly view: JobView;
  /** Amount that the initiator withdrew from the market, in the token's smallest unit. */
  readonly withdrawn: bigint;
}

/**
 * Cancels a job: the running round is still scored and paid, but no other round opens.
 *
 * @throws JOB_UNKNOWN · JOB_NOT_INITIATOR · JOB_WRONG_PHASE it is already closed or cancelled
 */
export async function cancelJob(modules: EndingModules, jobId: bigint, signal: AbortSignal): Promise<JobView> {
  const { chain, contracts } = modules;
  const params = await readJobParams(contracts, jobId);
  const look = async () =>
    readJob(contracts, { jobId, params, account: chain.account, block: await chain.head(signal) });
  const before = await look();
  if (before.initiator !== chain.account) throw notInitiator(jobId, chain.account);
  if (before.closed) throw alreadyClosed(jobId);
  await sendOrFail(modules, await callOf(contracts.lifecycle.cancelJob, jobId), signal);
  return look();
}

/**
 * Closes a job if needed and withdraws the initiator's tokens from the market.
 *
 * @throws JOB_UNKNOWN · JOB_NOT_INITIATOR · JOB_NOT_OVER
 */
export async function refundJob(modules: EndingModules, jobId: bigint, signal: AbortSignal): Promise<EndedJob> {
  const { chain, contracts } = modules;
  const params = await readJobParams(contracts, jobId);
  const look = async () =>
    readJob(contracts, { jobId, params, account: chain.account, block: await chain.head(signal) });
  const before = await look();
  if (before.initiator !== chain.account) throw notInitiator(jobId, chain.account);
  if (!before.closed) {
    if (nextDuty(before)?.kind !== "closeJob") throw notOver(before);
    await sendOrFail(modules, await callOf(contracts.lifecycle.closeJob, jobId), signal);
  }
  const view = before.closed ? before : await look();
  if (!view.closed) throw notOver(view);
  const withdrawn = await contracts.market.withdrawable(params.token, chain.account);
  if (withdrawn > 0n) {
    await sendOrFail(modules, await callOf(contracts.market.withdraw, params.token, chain.account), signal);
  }
  return { view, withdrawn };
}

function alreadyClosed(jobId: bigint): CommonweightError {
  return new CommonweightError(
    "JOB_WRONG_PHASE",
    `job ${jobId} is closed: there is nothing left to cancel`,
    `The initiator takes what was not earned with \`commonweight job refund ${jobId}\`.`,
  );
}

function notInitiator(jobId: bigint, account: string): CommonweightError {
  return new CommonweightError(
    "JOB_NOT_INITIATOR",
    `job ${jobId} was not posted by ${account}`,
    "Use the key that the job was posted with.",
  );
}

function notOver({ jobId, phase, round }: JobView): CommonweightError {
  const confirming = round?.confirming === true ? ": its last model awaits confirmation by one more committee" : "";
  return new CommonweightError(
    "JOB_NOT_OVER",
    `job ${jobId} is in phase ${phase}${confirming}`,
    "`commonweight job cancel JOB` prevents further rounds; refund once the running round is over.",
  );
}
