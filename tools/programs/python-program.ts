import { existsSync } from "node:fs";
import { join } from "node:path";

import { findProgram, isProgram, lastLine, missing, type Located } from "./locate-program.ts";
import { runProgram } from "./run-program.ts";
import { ROOT } from "./run-tool.ts";

/** Virtual environment that `--install` creates; inside node_modules, so that deleting that removes it too. */
const FOLDER = join(ROOT, "node_modules/.cache/commonweight/python");
const VENV_PYTHON = join(FOLDER, "bin/python");
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
  const found = findProgram({ ...program, installFolder: join(FOLDER, "bin") });
  if (found !== undefined) return found;
  if (install) return installed(program);
  return missing(`${program.name} is not on the PATH and ${program.variable} is not set; --install installs it`);
}

/** Packages that a released model's Python example imports, in pip's format. */
const MODEL_PACKAGES = ["numpy==2.3.5", "safetensors==0.8.0"];
const MODEL_MODULES = "numpy, safetensors";

/**
 * Finds a Python that runs a released model's example: COMMONWEIGHT_PYTHON if it is set, else the one on the PATH, else
 * that of the virtual environment. In CI missing packages are installed into the latter.
 */
export async function locateModelPython(): Promise<Located> {
  const named = process.env["COMMONWEIGHT_PYTHON"];
  if (named !== undefined && named !== "") return importing(named);
  const onPath = await importing("python3");
  if (onPath.kind === "found") return onPath;
  if (process.env["CI"] === "true") {
    const refusal = await installIntoVenv(MODEL_PACKAGES);
    if (refusal !== undefined) return refusal;
  }
  return existsSync(VENV_PYTHON) ? importing(VENV_PYTHON) : onPath;
}

/** The Python, if it can import what the example does. */
async function importing(python: string): Promise<Located> {
  try {
    const { status, output } = await runProgram(python, ["-c", `import ${MODEL_MODULES}`], { folder: ROOT });
    return status === 0 ? { kind: "found", path: python } : missing(`${python}: ${lastLine(output)}`);
  } catch (error) {
    return missing(`${python} could not be started: ${String(error)}`);
  }
}

async function installed({ name, requirement }: PythonProgram): Promise<Located> {
  const refusal = await installIntoVenv([requirement]);
  if (refusal !== undefined) return refusal;
  const path = join(FOLDER, "bin", name);
  return isProgram(path) ? { kind: "found", path } : missing(`${requirement} has no program ${name}`);
}

/** Installs packages into the virtual environment, which it creates if it is missing; returns why it could not. */
async function installIntoVenv(requirements: readonly string[]): Promise<Located | undefined> {
  console.log(`installing ${requirements.join(", ")} into ${FOLDER}`);
  const options = { folder: ROOT, timeoutMs: INSTALL_TIMEOUT_MS };
  const steps: readonly (readonly [string, ...string[]])[] = [
    ...(existsSync(VENV_PYTHON) ? [] : [["python3", "-m", "venv", FOLDER] as const]),
    [VENV_PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", ...requirements],
  ];
  for (const [program, ...programArguments] of steps) {
    try {
      const { status, output } = await runProgram(program, programArguments, options);
      if (status !== 0) return missing(`\`${[program, ...programArguments].join(" ")}\` failed: ${lastLine(output)}`);
    } catch (error) {
      return missing(`${program} could not be started: ${String(error)}`);
    }
  }
  return undefined;
}
