// Runs one suite's mocha files in this process and sends the counts to the runner:
// node tools/suites/mocha-suite.ts FILE ...
import Mocha from "mocha";

import config from "../../.mocharc.json" with { type: "json" };
import { SuiteReporter } from "./suite-reporter.ts";

const mocha = new Mocha({ timeout: config.timeout, forbidOnly: true, reporter: SuiteReporter, color: false });
for (const file of process.argv.slice(2)) mocha.addFile(file);
await mocha.loadFilesAsync();
mocha.run();
