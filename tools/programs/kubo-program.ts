import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";

import { findProgram, isProgram, lastLine, missing, type Located } from "./locate-program.ts";
import { runProgram } from "./run-program.ts";
import { ROOT } from "./run-tool.ts";

const VERSION = "v0.43.1";
const PACKAGE = "github.com/ipfs/kubo/cmd/ipfs";
/** Folder that `--install` builds in; inside node_modules, so that deleting that removes it too. */
const FOLDER = join(ROOT, `node_modules/.cache/commonweight/kubo-${VERSION}`);
const VARIABLE = "COMMONWEIGHT_IPFS";
const INSTALL_TIMEOUT_MS = 1_500_000;
/** Versions that Kubo's own module pins by replace directives, which Go ignores in a dependency. */
const PINS = ["github.com/quic-go/webtransport-go@v0.11.1", "github.com/quic-go/quic-go@v0.60.0"];

/**
 * Finds Kubo's program `ipfs`: at the path in COMMONWEIGHT_IPFS, else where `--install` builds it, else on the PATH.
 *
 * @param install whether to build it with Go if it is missing: about four minutes on two cores
 */
export async function locateKubo(install: boolean): Promise<Located> {
  const found = findProgram({ name: "ipfs", variable: VARIABLE, installFolder: FOLDER });
  if (found !== undefined) return found;
  if (install) return installed();
  return missing(`ipfs is not on the PATH and ${VARIABLE} is not set; --install builds it with Go`);
}

// As a tool of a module of its own: `go install` refuses a module with replace directives.
async function installed(): Promise<Located> {
  console.log(`building Kubo ${VERSION} in ${FOLDER}`);
  mkdirSync(FOLDER, { recursive: true });
  const replaced = PINS.map((pin) => `-replace=${pin.slice(0, pin.lastIndexOf("@"))}=${pin}`);
  const steps: readonly (readonly string[])[] = [
    ["mod", "init", "kubo-tool"],
    ["get", "-tool", `${PACKAGE}@${VERSION}`],
    ["mod", "edit", ...replaced],
    ["build", "-mod=mod", "-o", "ipfs", PACKAGE],
  ];
  // An earlier attempt may have left its module.
  for (const file of ["go.mod", "go.sum"]) rmSync(join(FOLDER, file), { force: true });
  const options = { folder: FOLDER, environment: { GOWORK: "off" }, timeoutMs: INSTALL_TIMEOUT_MS };
  for (const step of steps) {
    try {
      const { status, output } = await runProgram("go", step, options);
      if (status !== 0) return missing(`\`go ${step.join(" ")}\` failed: ${lastLine(output)}`);
    } catch (error) {
      return missing(
        `Go could not be started: ${error instanceof Error ? error.message.split("\n")[0] : String(error)}`,
      );
    }
  }
  const path = join(FOLDER, "ipfs");
  return isProgram(path) ? { kind: "found", path } : missing(`${PACKAGE} has no program ipfs`);
}
