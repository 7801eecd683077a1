import { createHash } from "node:crypto";

import { encodeBytes32String } from "ethers";
import { z } from "zod";

import { contractError } from "@commonweight/sdk/chain/contract-errors";
import { encodeJobParams, type JobParams } from "@commonweight/sdk/protocol/job-params";
import { badParameters } from "@commonweight/sdk/protocol/job-rules";
import type { WorkerModules } from "../worker/modules.ts";
import { provideToken } from "../worker/provide-token.ts";
import { readRecord } from "../worker/read-record.ts";
import { callOf, insist } from "../worker/send.ts";

const planned = z.strictObject({
  state: z.literal("planned"),
  /** The call, whose deadline is the one of its planning. */
  data: z.string(),
  specDigest: z.string(),
  deadline: z.int(),
  /** The first block that it can stand in. */
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
  /** What the job was made from: the same again is the same job. */
  readonly fingerprint: string;
  /** Whether a job that was posted from the same before is posted once more. */
  readonly again: boolean;
}

export interface PostedJob {
  readonly jobId: bigint;
  /** True where an earlier run had posted it. */
  readonly isKnown: boolean;
}

/**
 * Funds and posts a job, once: the call is written down before it is sent, and after a crash, wherever it came, the
 * next run finds the job or sends the same call again.
 *
 * @throws what `contractError` makes of the market's refusal · TOKEN_* the token's
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
  if (known?.state === "posted" && !again) return { jobId: BigInt(known.jobId), isKnown: true };

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
      // What it was planned with may be spent or too old by now.
      await provideToken(own, { permits: false })(params.token, params.reward + params.initiatorBond, signal);
      outcome = await insist(own, call, signal);
    }
    if (outcome.kind === "refused") {
      journal.record(key, { state: "refused" } satisfies z.infer<typeof posting>);
      throw contractError(call.label, outcome);
    }
    const found = await findPosted(own, plan);
    if (found === undefined) throw new Error("the job was posted, but its event is not there");
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

/** Refuses before money moves what the contract would refuse. */
function requireAllowed(params: JobParams, time: number): void {
  const [name] = badParameters(params, time);
  if (name === undefined) return;
  throw contractError("postJob", { error: "JobBook_BadParameter", args: [encodeBytes32String(name)] });
}

/**
 * The deadline counts from the planning and the block comes after it: that tells this posting from others of the
 * account.
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
