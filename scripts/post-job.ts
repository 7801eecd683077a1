// Posts a job and serves its files, as `commonweight job post` does:
//   npm run post-job -- job.yaml --key-file FILE
//   COMMONWEIGHT_JOB_FILE=job.yaml COMMONWEIGHT_KEY_FILE=FILE npx hardhat run scripts/post-job.ts
import { postJobFile } from "../trainer/cli/commands/job/post.ts";
import { reportError } from "../trainer/cli/text/report-error.ts";
import { parseShellArguments } from "../trainer/cli/options/shell-options.ts";

try {
  const { common, argument } = parseShellArguments("post-job.ts", { name: "file", variable: "COMMONWEIGHT_JOB_FILE" });
  await postJobFile(argument ?? "job.yaml", common, { serve: true, again: false, models: undefined });
} catch (error) {
  process.exitCode = reportError(error);
}
