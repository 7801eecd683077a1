import { accessSync, constants, existsSync } from "node:fs";
import { delimiter, join } from "node:path";

import { runProgram } from "./run-program.ts";
import { ROOT } from "./run-tool.ts";

/** Where `--install` puts Python's packages: beside npm's, and as easily thrown away. */
const FOLDER = join(ROOT, "node_modules/.cache/commonweight/python");
const INSTALL_TIMEOUT_MS = 600_000;

/** A program that a package of PyPI brings. */
export interface PythonProgram {
  readonly name: string;
  /** Package and version, as pip takes them. */
  readonly requirement: string;
  /** Environment variable that names the program's path. */
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

/** The program's path, or why there is none. */
export type Located =
  { readonly kind: "found"; readonly path: string } | { readonly kind: "missing"; readonly reason: string };

/**
 * Finds a program: where its variable says, else in the folder that `--install` fills, else on the PATH.
 *
 * @param install whether to install it, into that folder, where it is in none of these places
 */
export async function locatePythonProgram(program: PythonProgram, install: boolean): Promise<Located> {
  const named = process.env[program.variable];
  if (named !== undefined && named !== "") {
    if (isProgram(named)) return { kind: "found", path: named };
    return missing(`${program.variable} names ${named}, which is no program`);
  }
  const path = [join(FOLDER, "bin"), ...(process.env["PATH"] ?? "").split(delimiter)]
    .map((folder) => join(folder, program.name))
    .find(isProgram);
  if (path !== undefined) return { kind: "found", path };
  if (install) return installed(program);
  return missing(`${program.name} is neither on the PATH nor named by ${program.variable}; --install fetches it`);
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
  return isProgram(path) ? { kind: "found", path } : missing(`${requirement} brought no program ${name}`);
}

function missing(reason: string): Located {
  return { kind: "missing", reason };
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function lastLine(text: string): string {
  return text.trimEnd().split("\n").at(-1) ?? "";
}
