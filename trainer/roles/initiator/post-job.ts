import { createHash } from "node:crypto";

import { z } from "zod";

import { CommonweightError } from "../../../sdk/errors.ts";
import type { JobParams } from "../../../sdk/job-params.ts";
import type { WorkerModules } from "../modules.ts";
import { provideToken } from "../provide-token.ts";
import { readRecord } from "../read-record.ts";
import { callOf, send } from "../send.ts";

const HOLDOUTS = { own: 1, public: 2 } as const;
const SCORINGS = { accuracy: 1, contribution: 2 } as const;
const posting = z.strictObject({ data: z.string().nullable() });

/**
 * Funds and posts a job; gives its number.
 *
 * The call is written down before it is sent: after a crash the same job file posts the same job, once.
 *
 * @param fingerprint what the job was made from, so that a crash's second try is told from another job
 * @throws JOB_REFUSED the contract takes no such job, or the token no such transfer
 */
export async function postJob(
  modules: Pick<WorkerModules, "chain" | "contracts" | "journal" | "log">,
  params: JobParams,
  fingerprint: string,
  signal: AbortSignal,
): Promise<bigint> {
  const { chain, contracts, journal } = modules;
  const key = `initiator/posting/${createHash("sha256").update(fingerprint).digest("hex")}`;
  const unfinished = readRecord(modules, key, posting)?.data;
  const call = await callOf(contracts.market, "postJob", [structOf(params)]);
  const data = unfinished ?? call.data;
  journal.record(key, { data });

  await provideToken(modules)(params.token, params.reward, signal);
  const outcome = await send(modules, { ...call, data }, signal);
  journal.record(key, { data: null });
  if (outcome.kind === "refused") throw refused(outcome.error, outcome.args);
  const [posted] = await contracts.market.queryFilter(
    contracts.market.filters.JobPosted(undefined, chain.account),
    outcome.block,
    outcome.block,
  );
  if (posted === undefined) throw new Error("the job was posted, but its event is not there");
  return posted.args.jobId;
}

function structOf(params: JobParams): object {
  return { ...params, holdout: HOLDOUTS[params.holdout], scoring: SCORINGS[params.scoring] };
}

function refused(error: string, args: readonly unknown[]): CommonweightError {
  return new CommonweightError(
    "JOB_REFUSED",
    `the market refused the job: ${error}(${args.map(String).join(", ")})`,
    "Mend what the error names in the job file; a token that takes a fee or rebases cannot fund a job.",
  );
}
