import type { Command } from "commander";
import { z } from "zod";

import { callOf } from "../../roles/worker/send.ts";
import { sendOrFail } from "../../roles/worker/send-or-fail.ts";
import { jobIdOption, parseCommonOptions, parseOptions } from "../options/options.ts";
import { printResult } from "../text/print-result.ts";
import { untilInterrupted } from "../wiring/until-interrupted.ts";
import { withSession } from "../wiring/session.ts";

const options = z.object({ job: jobIdOption });

/** What leaving is for each role. */
const LEAVING = {
  trainer: {
    description: "leave a job; its bond is released once the running round is over",
    left: "has left the job: `commonweight withdraw` pays the bond out once it is released",
  },
  validator: {
    description: "leave a job's list, so that no further round draws this account",
    left: "is off the list: its stake is free once no running round has locked it",
  },
} as const;

/** `commonweight trainer leave` and `commonweight validator leave`: end an account's part in a job. */
export function addLeave(parent: Command, role: keyof typeof LEAVING): void {
  const { description, left } = LEAVING[role];
  parent
    .command("leave")
    .description(description)
    .requiredOption("--job <number>", "the job")
    .action(async (_values: unknown, command: Command) => {
      const common = parseCommonOptions(command.optsWithGlobals());
      const { job: jobId } = parseOptions(options, command.opts());
      await withSession(common, (session) =>
        untilInterrupted(async (signal) => {
          const { market, committees } = session.contracts;
          const call = await callOf(role === "trainer" ? market.leaveJob : committees.delist, jobId);
          await sendOrFail(session, call, signal);
          printResult(common, { jobId, account: session.chain.account, left: true }, () => [
            `${session.chain.account} ${left}`,
          ]);
        }),
      );
    });
}
