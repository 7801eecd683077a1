import type { Command } from "commander";

import { contentIdOf } from "@commonweight/sdk/protocol/content-id";
import { readHistory } from "@commonweight/sdk/chain/read-history";
import { readToken } from "@commonweight/sdk/chain/token-format";
import { committeeLines, jobLines } from "../../text/job-text.ts";
import { jobIdOption, parseCommonOptions, parseOptions } from "../../options/options.ts";
import { fetchLine } from "../../text/invitation.ts";
import { printResult } from "../../text/print-result.ts";
import { readJobView } from "../../inputs/read-job-view.ts";
import { untilInterrupted } from "../../wiring/until-interrupted.ts";
import { withReader } from "../../wiring/reader.ts";

/** `commonweight job show`: prints one job, its rounds and its money. */
export function addJobShow(parent: Command): void {
  parent
    .command("show")
    .argument("<job>", "the job's number")
    .description("print one job: its state, rounds and money")
    .action(async (jobText: string, _values: unknown, command: Command) => {
      const common = parseCommonOptions(command.optsWithGlobals());
      const jobId = parseOptions(jobIdOption, jobText);
      await untilInterrupted((signal) =>
        withReader(common, async (reader) => {
          const { contracts } = reader;
          const view = await readJobView(reader, jobId, signal);
          const history = await readHistory(contracts, view);
          const { format } = await readToken(contracts, view.params.token);
          const { self: _, round: _round, ...state } = view;
          const ids = { spec: contentIdOf(view.params.specDigest), model: contentIdOf(view.modelDigest) };
          printResult(common, { ...state, ...ids, ...history }, () => [
            ...jobLines(view, history, format),
            ...committeeLines(view),
            ...(view.modelVersion === 0 ? [] : ["the model", `  ${fetchLine(jobId, common)}`]),
          ]);
        }),
      );
    });
}
