import { readJob } from "@commonweight/sdk/chain/read-job";
import { readToken } from "@commonweight/sdk/chain/token-format";
import { showMoney } from "@commonweight/sdk/job-file/money";
import type { JobParams } from "@commonweight/sdk/protocol/job-params";
import type { WorkerModules } from "./modules.ts";
import { risksOf, type Risk } from "./status/risk.ts";

/** How long the chain is asked once the worker was told to end, in milliseconds. */
const READ_MS = 10_000;

type EndModules = Pick<WorkerModules, "chain" | "contracts" | "log">;

/**
 * Runs a worker, and warns at its end of the account's money that its absence puts at risk, with the next step. It ends
 * as the worker does.
 */
export async function withWarningAtEnd(
  modules: EndModules,
  job: { readonly jobId: bigint; readonly params: JobParams },
  run: () => Promise<void>,
): Promise<void> {
  try {
    await run();
  } finally {
    await warnOfRisks(modules, job);
  }
}

async function warnOfRisks(
  { chain, contracts, log }: EndModules,
  { jobId, params }: { readonly jobId: bigint; readonly params: JobParams },
): Promise<void> {
  const context = { jobId: jobId.toString() };
  try {
    const block = await chain.head(AbortSignal.timeout(READ_MS));
    const risks = risksOf(await readJob(contracts, { jobId, params, account: chain.account, block }));
    if (risks.length === 0) return;
    const { format } = await readToken(contracts, params.token);
    for (const risk of risks) {
      const { message, next } = textOf(risk, jobId);
      log.warn({ ...context, ...detailOf(risk), amount: showMoney(risk.amount, format), next }, message);
    }
  } catch (error) {
    // The worker's own end decides the exit status; this is only what its operator should look at.
    const reason = error instanceof Error ? error.message : String(error);
    const next = "Look at `commonweight status`, and start the worker again if it shows the job.";
    log.warn({ ...context, reason, next }, "the chain cannot be read: this account may still have money in the job");
  }
}

function detailOf(risk: Risk): object {
  switch (risk.kind) {
    case "sealed":
      return { round: risk.round, until: new Date(risk.until * 1_000).toISOString() };
    case "seat":
      return { round: risk.round };
    case "bond":
    case "enlisted":
    case "holdout":
      return {};
  }
}

function textOf({ kind }: Risk, jobId: bigint): { readonly message: string; readonly next: string } {
  switch (kind) {
    case "sealed":
      return {
        message: "an update is sealed: its bond is lost unless it is disclosed in time",
        next: `Start it again before then: commonweight trainer run --job ${jobId}`,
      };
    case "bond":
      return {
        message: "still a member of the job: the bond stays locked until the job is over",
        next: `Start it again, or leave: commonweight trainer leave --job ${jobId}`,
      };
    case "seat":
      return {
        message: "still has a seat in the round: it is slashed if its scores are not revealed in time",
        next: `Start it again now: commonweight validator run --job ${jobId}`,
      };
    case "enlisted":
      return {
        message: "still enlisted: each round may draw it, and a silent seat is slashed",
        next: `Start it again, or leave: commonweight validator leave --job ${jobId}`,
      };
    case "holdout":
      return {
        message: "the holdout is sealed: the bond burns unless a process of this account opens every round's shard",
        next: "Post the same file again with the same key: it opens the shards of the posted job.",
      };
  }
}
