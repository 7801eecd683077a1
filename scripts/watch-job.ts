// Follows a job until it is closed, as `commonweight job watch` does:
//   npm run watch-job -- 1
//   COMMONWEIGHT_JOB=1 npx hardhat run scripts/watch-job.ts
import { watchJobLive } from "../trainer/cli/commands/job/watch.ts";
import { jobIdOption, parseOptions } from "../trainer/cli/options/options.ts";
import { reportError } from "../trainer/cli/text/report-error.ts";
import { parseShellArguments } from "../trainer/cli/options/shell-options.ts";

try {
  const { common, argument } = parseShellArguments("watch-job.ts", { name: "job", variable: "COMMONWEIGHT_JOB" });
  await watchJobLive(parseOptions(jobIdOption, argument ?? ""), common);
} catch (error) {
  process.exitCode = reportError(error);
}
