import { existsSync } from "node:fs";
import { join } from "node:path";

import { findProgram, isProgram, lastLine, missing, type Located } from "./located.ts";
import { runProgram } from "./run-program.ts";
import { ROOT } from "./run-tool.ts";

/** Virtual environment that `--install` creates; inside node_modules, so that deleting that removes it too. */
const FOLDER = join(ROOT, "node_modules/.cache/commonweight/python");
const INSTALL_TIMEOUT_MS = 600_000;

/** A program from a PyPI package. */
export interface PythonProgram {
  readonly name: string;
  /** Package and version, in pip's format. */
  readonly requirement: string;
  /** Environment variable with the program's path. */
  readonly variable: string;
}

export const HALMOS: PythonProgram = {
  name: "halmos",
  requirement: "halmos==0.3.3",
  variable: "COMMONWEIGHT_HALMOS",
};
export const SLITHER: PythonProgram = {
  name: "slither",
  requirement: "slither-analyzer==0.11.6",
  variable: "COMMONWEIGHT_SLITHER",
};

/**
 * Finds a program: at the path in its variable, else in the virtual environment of `--install`, else on the PATH.
 *
 * @param install whether to install it into the virtual environment if it is missing
 */
export async function locatePythonProgram(program: PythonProgram, install: boolean): Promise<Located> {
  const found = findProgram(program.name, program.variable, [join(FOLDER, "bin")]);
  if (found !== undefined) return found;
  if (install) return installed(program);
  return missing(`${program.name} is not on the PATH and ${program.variable} is not set; --install installs it`);
}

async function installed({ name, requirement }: PythonProgram): Promise<Located> {
  console.log(`installing ${requirement} into ${FOLDER}`);
  const options = { folder: ROOT, timeoutMs: INSTALL_TIMEOUT_MS };
  const python = join(FOLDER, "bin/python");
  const steps: readonly (readonly [string, ...string[]])[] = [
    ...(existsSync(python) ? [] : [["python3", "-m", "venv", FOLDER] as const]),
    [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", requirement],
  ];
  for (const [program, ...programArguments] of steps) {
    try {
      const { status, output } = await runProgram(program, programArguments, options);
      if (status !== 0) return missing(`\`${[program, ...programArguments].join(" ")}\` failed: ${lastLine(output)}`);
    } catch (error) {
      return missing(`${program} could not be started: ${String(error)}`);
    }
  }
  const path = join(FOLDER, "bin", name);
  return isProgram(path) ? { kind: "found", path } : missing(`${requirement} has no program ${name}`);
}
