import { reportError } from "../trainer/cli/text/report-error.ts";
import { untilInterrupted } from "../trainer/cli/wiring/until-interrupted.ts";
import { Narrator } from "./demo/live.ts";
import { parseDemoOptions } from "./demo/options.ts";
import { runDemo } from "./demo/run-demo.ts";
import { summaryOf } from "./demo/summary.ts";
import { ensureContractsBuilt } from "../bin/install.mjs";

try {
  const options = parseDemoOptions(process.argv.slice(2));
  ensureContractsBuilt();
  await untilInterrupted(async (signal) => {
    const report = await runDemo(options, new Narrator(), signal);
    process.stdout.write(summaryOf(report, options.out));
  });
} catch (error) {
  process.exitCode = reportError(error);
}
