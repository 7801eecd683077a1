import { runTool } from "../programs/run-tool.ts";

/** One tool that looks at the sources. */
interface LintCheck {
  readonly name: string;
  /** Entry file of the tool. */
  readonly program: string;
  readonly arguments: readonly string[];
}

/** What came of one check. */
export interface LintResult {
  readonly name: string;
  readonly passed: boolean;
  readonly seconds: number;
  /** What the tool said. */
  readonly output: string;
}

const FORMAT: LintCheck = {
  name: "format (prettier)",
  program: "node_modules/prettier/bin/prettier.cjs",
  arguments: ["--check", "--log-level", "warn", "."],
};
const SOLIDITY: LintCheck = {
  name: "Solidity (solhint)",
  program: "node_modules/solhint/solhint.js",
  arguments: ["--disc", "--max-warnings", "0", "--formatter", "unix", "contracts/**/*.sol"],
};
const IMPORTS: LintCheck = {
  name: "imports (dependency-cruiser)",
  program: "node_modules/dependency-cruiser/bin/dependency-cruiser.mjs",
  arguments: ["sdk", "trainer", "scripts", "tools", "experiments", "test", "bin"],
};
const TYPES: LintCheck = {
  name: "types (tsc)",
  program: "node_modules/typescript/bin/tsc",
  arguments: [],
};
const TYPESCRIPT: LintCheck = {
  name: "TypeScript (eslint)",
  program: "node_modules/eslint/bin/eslint.js",
  arguments: ["--max-warnings", "0", "."],
};

/** Two lanes for two cores: eslint takes as long as all others together. */
const LANES: readonly (readonly LintCheck[])[] = [[FORMAT, SOLIDITY, IMPORTS, TYPES], [TYPESCRIPT]];

/**
 * Runs all checks.
 *
 * @param onResult called as each one ends
 */
export async function runLintChecks(onResult: (result: LintResult) => void): Promise<readonly LintResult[]> {
  const lanes = LANES.map(async (checks) => {
    const results: LintResult[] = [];
    for (const check of checks) {
      const result = await runCheck(check);
      onResult(result);
      results.push(result);
    }
    return results;
  });
  return (await Promise.all(lanes)).flat();
}

/** Runs the check of the contracts' sources alone. */
export function runSolidityLint(): Promise<LintResult> {
  return runCheck(SOLIDITY);
}

/** Writes one line about a check, and below it what the tool said if it failed. */
export function formatLintResult({ name, passed, seconds, output }: LintResult): string {
  const line = `  ${passed ? "ok    " : "FAILED"} ${name.padEnd(30)} ${seconds.toFixed(1)} s`;
  return passed ? line : `${line}\n${output.trimEnd()}`;
}

async function runCheck({ name, program, arguments: programArguments }: LintCheck): Promise<LintResult> {
  const { status, output, seconds } = await runTool(program, programArguments);
  return { name, passed: status === 0, seconds, output };
}
