// `npm run lint`: all static checks.
import { formatLintResult, runLintChecks } from "./checks.ts";

const results = await runLintChecks((result) => console.log(formatLintResult(result)));
if (!results.every(({ passed }) => passed)) process.exitCode = 1;
