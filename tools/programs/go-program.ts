import { mkdirSync } from "node:fs";
import { join } from "node:path";

import { findProgram, isProgram, lastLine, missing, type Located } from "./locate-program.ts";
import { runProgram } from "./run-program.ts";
import { ROOT } from "./run-tool.ts";

/** Folder of the programs that `--install` builds; inside node_modules, so that deleting that removes it too. */
const FOLDER = join(ROOT, "node_modules/.cache/commonweight/go");
/** Building geth takes two minutes on two idle cores. */
const BUILD_TIMEOUT_MS = 1_200_000;

/** A program that Go builds from a module. */
export interface GoProgram {
  readonly name: string;
  /** Package and version, in the format of `go install`. */
  readonly source: string;
  /** Environment variable with the program's path. */
  readonly variable: string;
}

export const GETH: GoProgram = {
  name: "geth",
  source: "github.com/ethereum/go-ethereum/cmd/geth@v1.17.0",
  variable: "COMMONWEIGHT_GETH",
};

/**
 * Finds a program: at the path in its variable, else in the folder of `--install`, else on the PATH.
 *
 * @param install whether to build it into that folder if it is missing
 */
export async function locateGoProgram(program: GoProgram, install: boolean): Promise<Located> {
  const found = findProgram({ ...program, installFolder: FOLDER });
  if (found !== undefined) return found;
  if (install) return build(program);
  return missing(`${program.name} is not on the PATH and ${program.variable} is not set; --install builds it with Go`);
}

async function build({ name, source }: GoProgram): Promise<Located> {
  console.log(`building ${source} into ${FOLDER}, a few minutes`);
  mkdirSync(FOLDER, { recursive: true });
  const command = ["install", source];
  try {
    // `go install` of a package with a version ignores module files.
    const options = { folder: FOLDER, environment: { GOBIN: FOLDER }, timeoutMs: BUILD_TIMEOUT_MS };
    const { status, output } = await runProgram("go", command, options);
    if (status !== 0) return missing(`\`go ${command.join(" ")}\` failed: ${lastLine(output)}`);
  } catch (error) {
    return missing(`go could not be started: ${String(error)}`);
  }
  const path = join(FOLDER, name);
  return isProgram(path) ? { kind: "found", path } : missing(`${source} has no program ${name}`);
}
