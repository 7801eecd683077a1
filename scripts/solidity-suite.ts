// Runs the Solidity tests in this process and tells the runner what came of it.
import hre from "hardhat";
import { z } from "zod";

import { endSuite } from "./suite-message.ts";

const testResult = z.object({ status: z.enum(["Success", "Failure", "Skipped"]) });
const suites = z.object({ suiteResults: z.array(z.object({ testResults: z.array(testResult) })) });
/** What Hardhat's task gives: the same whether a test failed or not. */
const outcome = z.discriminatedUnion("success", [
  z.object({ success: z.literal(true), value: suites }),
  z.object({ success: z.literal(false), error: suites }),
]);

const run = outcome.parse(await hre.tasks.getTask(["test", "solidity"]).run({}));
const results = (run.success ? run.value : run.error).suiteResults.flatMap(({ testResults }) => testResults);
const count = (status: z.infer<typeof testResult>["status"]) => results.filter((one) => one.status === status).length;
// A run that could not go through names no failed test.
const failed = run.success ? count("Failure") : Math.max(count("Failure"), 1);
endSuite({ passed: count("Success"), failed, skipped: count("Skipped") });
