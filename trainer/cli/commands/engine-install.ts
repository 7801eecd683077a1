import type { Command } from "commander";

import { parseCommonOptions } from "../options/options.ts";
import { printResult } from "../text/print-result.ts";
import { installEngine } from "../wiring/engine-install.ts";
import { untilInterrupted } from "../wiring/until-interrupted.ts";

/** How the engine came to its folder, for people. */
const HOW = {
  present: "is installed already",
  download: "is installed, with the library that it downloaded",
  build: "is installed, built on this machine",
} as const;

/** `commonweight engine install`: installs the faster engine for trainers. Needs no chain and no key. */
export function addEngineInstall(parent: Command): void {
  parent
    .command("install")
    .description(
      "install tfjs-node, a faster engine for training: downloads its library, or builds it (python3, pip, g++) where " +
        "that fails; about 1 GB in COMMONWEIGHT_ENGINE_DIR, by default a folder of your user's data",
    )
    .action(async (_values: unknown, command: Command) => {
      const common = parseCommonOptions(command.optsWithGlobals());
      const progress = (line: string): void => {
        if (!common.quiet) process.stderr.write(`${line}\n`);
      };
      await untilInterrupted(async (signal) => {
        const installed = await installEngine({ progress, signal });
        const { folder, tfjsNode, tensorflow, how } = installed;
        printResult(common, installed, () => [
          `tfjs-node ${tfjsNode} with TensorFlow ${tensorflow} ${HOW[how]}`,
          `  folder ${folder}`,
          "  trainers use it from now on (`--engine auto`); `commonweight engine check` compares it with the engine `wasm`",
        ]);
      });
    });
}
