import type { Command } from "commander";
import { ZeroAddress } from "ethers";
import { z } from "zod";

import type { Contracts } from "@commonweight/sdk/chain/contracts";
import type { JobView } from "@commonweight/sdk/chain/job-view";
import { showMoney } from "@commonweight/sdk/job-file/money";
import { readJob, readJobParams, type ChainBlock } from "@commonweight/sdk/chain/read-job";
import { readTokenFormats } from "@commonweight/sdk/chain/token-format";
import { parseCommonOptions, parseOptions } from "../../options/options.ts";
import { columns, printResult } from "../../text/print-result.ts";
import { percent, shortAddress } from "../../text/show-text.ts";
import { withReader } from "../../wiring/reader.ts";

const options = z.object({ open: z.boolean() });

/** `commonweight job list`: lists the market's jobs. */
export function addJobList(parent: Command): void {
  parent
    .command("list")
    .option("--open", "leave out closed jobs", false)
    .description("list the market's jobs")
    .action(async (_values: unknown, command: Command) => {
      const common = parseCommonOptions(command.optsWithGlobals());
      const { open } = parseOptions(options, command.opts());
      await withReader(common, async ({ chain, contracts }) => {
        const all = await readJobs(contracts, await chain.head(new AbortController().signal));
        const jobs = all.filter(({ closed }) => !open || !closed);
        const formats = await readTokenFormats(contracts, [...new Set(jobs.map(({ params }) => params.token))]);
        const rows = jobs.map((job) => [
          job.jobId.toString(),
          job.phase,
          `${Math.min(job.roundNumber, job.params.rounds)}/${job.params.rounds}`,
          percent(job.best),
          showMoney(job.params.reward, formats.get(job.params.token) ?? { decimals: 0 }),
          `${job.members} trainers`,
          `${job.enlisted.length} validators`,
          shortAddress(job.initiator),
        ]);
        const heading = ["job", "phase", "round", "confirmed", "reward", "", "", "initiator"];
        printResult(common, jobs.map(summaryOf), () =>
          rows.length === 0 ? ["there are no jobs"] : columns([heading, ...rows]),
        );
      });
    });
}

async function readJobs(contracts: Contracts, block: ChainBlock): Promise<readonly JobView[]> {
  const count = Number(await contracts.book.jobCount({ blockTag: block.number }));
  const ids = Array.from({ length: count }, (_, index) => BigInt(index + 1));
  return Promise.all(
    ids.map(async (jobId) => {
      const params = await readJobParams(contracts, jobId);
      return readJob(contracts, { jobId, params, account: ZeroAddress, block });
    }),
  );
}

function summaryOf(job: JobView): object {
  const { jobId, phase, initiator, closed, cancelled, roundNumber, members, best, params } = job;
  const { token, reward, bond, seatLock, rounds, deadline } = params;
  const enlisted = job.enlisted.length;
  const state = { phase, closed, cancelled, round: roundNumber, rounds, members, enlisted, best, deadline };
  return { jobId, initiator, token, reward, bond, seatLock, ...state };
}
