import type { Command } from "commander";

import { cancelJob } from "../../../roles/initiator/end-job.ts";
import { jobIdOption, parseCommonOptions, parseOptions } from "../../options/options.ts";
import { printResult } from "../../text/print-result.ts";
import { untilInterrupted } from "../../wiring/until-interrupted.ts";
import { withSending } from "../../wiring/session.ts";

/** `commonweight job cancel`: stops a job from opening further rounds. */
export function addJobCancel(parent: Command): void {
  parent
    .command("cancel")
    .argument("<job>", "the job's number")
    .description("open no further rounds; the running round is still scored and paid")
    .action(async (jobText: string, _values: unknown, command: Command) => {
      const common = parseCommonOptions(command.optsWithGlobals());
      const jobId = parseOptions(jobIdOption, jobText);
      await withSending(common, (session) =>
        untilInterrupted(async (signal) => {
          const { closed, phase, roundNumber } = await cancelJob(session, jobId, signal);
          printResult(common, { jobId, cancelled: true, closed, phase, round: roundNumber }, () => [
            closed
              ? `job ${jobId} is cancelled and closed: \`commonweight job refund ${jobId}\` withdraws the reward`
              : `job ${jobId} is cancelled: it ends after round ${roundNumber}, which is now in phase ${phase}`,
          ]);
        }),
      );
    });
}
