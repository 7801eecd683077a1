import type { Command } from "commander";

import { untilInterrupted } from "../wiring/until-interrupted.ts";
import { parseCommonOptions } from "../options/options.ts";
import { printResult } from "../text/print-result.ts";
import { readServedFolder, type ServedFile } from "../inputs/served-folder.ts";
import { commandLog } from "../wiring/logs.ts";
import { withFreeStore } from "../wiring/shared-content.ts";

/** `commonweight content serve`: serves the files of a folder until it is interrupted. */
export function addContentServe(parent: Command): void {
  parent
    .command("serve")
    .argument("<folder>", "such as a folder that `model fetch` wrote, or the one that `job post` keeps its models in")
    .description("serve every file of a folder on IPFS, by its content id, until interrupted")
    .action(async (folder: string, _values: unknown, command: Command) => {
      const common = parseCommonOptions(command.optsWithGlobals());
      await untilInterrupted(async (signal) => {
        const { files, topics } = await readServedFolder(folder);
        await withFreeStore({ name: "served", log: commandLog(common) }, common, async ({ content, network }) => {
          const served: (Omit<ServedFile, "read"> & { readonly id: string })[] = [];
          for (const { read, ...file } of files) {
            signal.throwIfAborted();
            served.push({ ...file, id: await content.add(await read()) });
          }
          for (const topic of topics) await network.meet(topic, signal);
          const addresses = network.addresses();
          printResult(common, { addresses, files: served }, () => [
            ...served.map(({ id, path }) => `${id}  ${path}`),
            "",
            ...addresses.map((address) => `serving at ${address}`),
            "interrupt to stop",
          ]);
          await aborted(signal);
        });
      });
    });
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  // A signal alone does not keep the process alive; the content store does.
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}
