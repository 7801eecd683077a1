import { ROOT, runTool } from "../programs/run-tool.ts";
import { eslintCacheFile } from "./eslint-cache.ts";

/** One tool that checks the sources. */
interface LintCheck {
  readonly name: string;
  /** Entry file of the tool. */
  readonly program: string;
  readonly arguments: readonly string[];
  /** Whether its output is printed even if it passes. */
  readonly isReport?: boolean;
}

/** Result of one check. */
export interface LintResult {
  readonly name: string;
  readonly passed: boolean;
  readonly seconds: number;
  /** Output to print; empty for a check that passed, unless it is a report. */
  readonly output: string;
}

const FORMAT: LintCheck = {
  name: "format (prettier)",
  program: "node_modules/prettier/bin/prettier.cjs",
  // A file's format depends on that file alone, so caching per file is safe.
  arguments: [
    ...["--check", "--log-level", "warn"],
    ...["--cache", "--cache-strategy", "content", "--cache-location", "node_modules/.cache/prettier/lint.json"],
    ".",
  ],
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
  arguments: ["--incremental", "--tsBuildInfoFile", "node_modules/.cache/typescript/lint.tsbuildinfo"],
};
const STRUCTURE: LintCheck = {
  name: "structure",
  program: "tools/lint/structure/command.ts",
  arguments: [],
  isReport: true,
};

function typescriptCheck(): LintCheck {
  const cache = ["--cache", "--cache-strategy", "content", "--cache-location", eslintCacheFile(ROOT)];
  return {
    name: "TypeScript (eslint)",
    program: "node_modules/eslint/bin/eslint.js",
    arguments: ["--max-warnings", "0", ...cache, "."],
  };
}

/**
 * Runs all checks.
 *
 * @param onResult called after each check
 */
export async function runLintChecks(onResult: (result: LintResult) => void): Promise<readonly LintResult[]> {
  // Two lanes for two cores: eslint takes as long as all other checks together.
  const lanes = [[STRUCTURE, FORMAT, SOLIDITY, IMPORTS, TYPES], [typescriptCheck()]].map(async (checks) => {
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

/** Runs the Solidity check alone. */
export function runSolidityLint(): Promise<LintResult> {
  return runCheck(SOLIDITY);
}

/** Formats a result as one line, followed by its output. */
export function formatLintResult({ name, passed, seconds, output }: LintResult): string {
  const line = `  ${passed ? "ok    " : "FAILED"} ${name.padEnd(30)} ${seconds.toFixed(1)} s`;
  return output === "" ? line : `${line}\n${output}`;
}

async function runCheck({ name, program, arguments: programArguments, isReport }: LintCheck): Promise<LintResult> {
  const { status, output, seconds } = await runTool(program, programArguments);
  const passed = status === 0;
  return { name, passed, seconds, output: passed && isReport !== true ? "" : output.trimEnd() };
}
