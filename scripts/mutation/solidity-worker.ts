// Runs the Solidity tests of the project's copy in this folder as they are built, and tells the first that fails.
import hre from "hardhat";
import { z } from "zod";

import { endRun } from "./worker-message.ts";

const test = z.object({ name: z.string(), status: z.string(), reason: z.string().nullish() });
const suites = z.object({
  suiteResults: z.array(z.object({ id: z.object({ source: z.string() }), testResults: z.array(test) })),
});
const outcome = z.discriminatedUnion("success", [
  z.object({ success: z.literal(true), value: suites }),
  z.object({ success: z.literal(false), error: suites }),
]);

const run = outcome.parse(await hre.tasks.getTask(["test", "solidity"]).run({ noCompile: true }));
const results = (run.success ? run.value : run.error).suiteResults.flatMap(({ id, testResults }) =>
  testResults.map((one) => ({ ...one, file: id.source })),
);
const failure = results.find(({ status }) => status === "Failure");
if (failure !== undefined) {
  endRun({
    failed: true,
    file: failure.file,
    test: failure.name,
    timeout: false,
    error: failure.reason?.slice(0, 300) ?? "",
  });
} else if (run.success) {
  endRun({ failed: false, passed: results.length });
} else {
  // No message: a run that did not go through is no kill.
  process.exit(1);
}
