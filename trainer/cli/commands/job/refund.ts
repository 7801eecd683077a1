import type { Command } from "commander";

import { showMoney } from "@commonweight/sdk/job-file/money";
import { readToken } from "@commonweight/sdk/chain/token-format";
import { refundJob } from "../../../roles/initiator/end-job.ts";
import { jobIdOption, parseCommonOptions, parseOptions } from "../../options/options.ts";
import { printResult } from "../../text/print-result.ts";
import { untilInterrupted } from "../../wiring/until-interrupted.ts";
import { withSending } from "../../wiring/session.ts";

/** `commonweight job refund`: closes a finished job and withdraws the unearned reward. */
export function addJobRefund(parent: Command): void {
  parent
    .command("refund")
    .argument("<job>", "the job's number")
    .description("close a finished job and withdraw the unearned reward")
    .action(async (jobText: string, _values: unknown, command: Command) => {
      const common = parseCommonOptions(command.optsWithGlobals());
      const jobId = parseOptions(jobIdOption, jobText);
      await withSending(common, (session) =>
        untilInterrupted(async (signal) => {
          const { view, withdrawn } = await refundJob(session, jobId, signal);
          const { token } = view.params;
          const { format } = await readToken(session.contracts, token);
          printResult(common, { jobId, closed: view.closed, token, withdrawn }, () => [
            withdrawn === 0n
              ? `job ${jobId} is closed; there is nothing to withdraw`
              : `withdrawn ${showMoney(withdrawn, format)}`,
          ]);
        }),
      );
    });
}
