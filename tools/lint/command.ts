// `npm run lint`: everything that looks at the sources without running them.
import { formatLintResult, runLintChecks } from "./checks.ts";

const results = await runLintChecks((result) => console.log(formatLintResult(result)));
if (!results.every(({ passed }) => passed)) process.exitCode = 1;
