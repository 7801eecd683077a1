import { createHash } from "node:crypto";

import { encodeBytes32String } from "ethers";
import { z } from "zod";

import { contractError, readContractError } from "@commonweight/sdk/chain/contract-errors";
import { encodeJobParams, type JobParams } from "@commonweight/sdk/protocol/job-params";
import { badParameters } from "@commonweight/sdk/protocol/job-rules";
import type { WorkerModules } from "../worker/modules.ts";
import { provideToken } from "../worker/provide-token.ts";
import { readRecord } from "../worker/read-record.ts";
import { callOf, insist } from "../worker/send.ts";

const planned = z.strictObject({
  state: z.literal("planned"),
  /** Calldata, with the deadline computed when planning. */
  data: z.string(),
  specDigest: z.string(),
  deadline: z.int(),
  /** First block that can contain the transaction. */
  fromBlock: z.int(),
});
const posting = z.discriminatedUnion("state", [
  planned,
  z.strictObject({ state: z.literal("posted"), jobId: z.string() }),
  z.strictObject({ state: z.literal("refused") }),
]);

type Planned = z.infer<typeof planned>;
type PostingModules = Pick<WorkerModules, "chain" | "contracts" | "journal" | "log">;

export interface PostOptions {
  /** Identifies the job's inputs: equal fingerprints are the same job. */
  readonly fingerprint: string;
  /** Whether to post again a job that was already posted. */
  readonly again: boolean;
}

export interface PostedJob {
  readonly jobId: bigint;
  /** Whether an earlier run had posted it. */
  readonly isKnown: boolean;
}

/**
 * Funds and posts a job exactly once: the call is journalled before it is sent, and after a crash the next run finds
 * the posted job or sends the same call again.
 *
 * @throws the `readContractError` of the market's revert · TOKEN_* problems with the token
 */
export async function postJob(
  modules: PostingModules,
  params: JobParams,
  { fingerprint, again }: PostOptions,
  signal: AbortSignal,
): Promise<PostedJob> {
  const { journal } = modules;
  const key = `initiator/job/${createHash("sha256").update(fingerprint).digest("hex")}`;
  const known = readRecord(modules, key, posting);
  if (known?.state === "posted" && !again) {
    const jobId = BigInt(known.jobId);
    if (await isPosted(modules, jobId, params)) return { jobId, isKnown: true };
    modules.log.warn({ jobId: known.jobId }, "the recorded job is not on this chain: posting it again");
  }

  const isResumed = known?.state === "planned";
  const plan = isResumed ? known : await planPosting(modules, params, signal);
  journal.record(key, plan);
  const jobId = (isResumed ? await findPosted(modules, plan) : undefined) ?? (await sendPosting(modules, plan));
  journal.record(key, { state: "posted", jobId: jobId.toString() } satisfies z.infer<typeof posting>);
  return { jobId, isKnown: false };

  async function sendPosting(own: PostingModules, { data }: Planned): Promise<bigint> {
    const to = await own.contracts.market.getAddress();
    const call = { label: "postJob", to, data };
    let outcome = await insist(own, call, signal);
    if (outcome.kind === "refused" && isResumed) {
      // The tokens may be spent and the permit expired since planning.
      await provideToken(own, { permits: false })(params.token, params.reward + params.initiatorBond, signal);
      outcome = await insist(own, call, signal);
    }
    if (outcome.kind === "refused") {
      journal.record(key, { state: "refused" } satisfies z.infer<typeof posting>);
      throw await readContractError(own.contracts, call.label, outcome, params.token);
    }
    const found = await findPosted(own, plan);
    if (found === undefined) throw new Error("the job was posted, but its event is missing");
    return found;
  }
}

async function planPosting(modules: PostingModules, params: JobParams, signal: AbortSignal): Promise<Planned> {
  const { chain, contracts } = modules;
  requireAllowed(params, (await chain.head(signal)).timestamp);
  const permit = await provideToken(modules)(params.token, params.reward + params.initiatorBond, signal);
  const { data } = await callOf(contracts.market.postJob, encodeJobParams(params), permit);
  const { number } = await chain.head(signal);
  return { state: "planned", data, specDigest: params.specDigest, deadline: params.deadline, fromBlock: number + 1 };
}

/** Throws the contract's error for bad parameters before any transaction is sent. */
function requireAllowed(params: JobParams, time: number): void {
  const [name] = badParameters(params, time);
  if (name === undefined) return;
  throw contractError("postJob", { error: "JobBook_BadParameter", args: [encodeBytes32String(name)] });
}

/** Whether the chain has this job, of this account: after a reorganisation its number may be another's. */
async function isPosted({ chain, contracts }: PostingModules, jobId: bigint, params: JobParams): Promise<boolean> {
  const [{ initiator }, { reward, specDigest }] = await Promise.all([
    contracts.lifecycle.jobOf(jobId),
    contracts.book.paramsOf(jobId),
  ]);
  return reward > 0n && initiator === chain.account && specDigest === params.specDigest;
}

/**
 * Specification, deadline (relative to the planning time) and block range distinguish this posting from the account's
 * others.
 */
async function findPosted({ chain, contracts }: PostingModules, plan: Planned): Promise<bigint | undefined> {
  const { market, book } = contracts;
  const events = await market.queryFilter(market.filters.JobPosted(undefined, chain.account), plan.fromBlock);
  for (const { args } of events) {
    if (args.specDigest !== plan.specDigest) continue;
    const { deadline } = await book.paramsOf(args.jobId);
    if (Number(deadline) === plan.deadline) return args.jobId;
  }
  return undefined;
}
