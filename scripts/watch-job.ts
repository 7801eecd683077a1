// Follows a job until it is closed, as `commonweight job watch` does:
//   node scripts/watch-job.ts 1
//   COMMONWEIGHT_JOB=1 npx hardhat run scripts/watch-job.ts
import { watchJobLive } from "../trainer/cli/job-watch.ts";
import { jobIdOption, parseOptions } from "../trainer/cli/options.ts";
import { reportError } from "../trainer/cli/report-error.ts";
import { parseShellArguments } from "../trainer/cli/shell-options.ts";

try {
  const { common, argument } = parseShellArguments("watch-job.ts", { name: "job", variable: "COMMONWEIGHT_JOB" });
  await watchJobLive(parseOptions(jobIdOption, argument ?? ""), common);
} catch (error) {
  process.exitCode = reportError(error);
}
