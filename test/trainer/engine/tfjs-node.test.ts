import { CommonweightError } from "@commonweight/sdk/errors";
import type { Engine } from "../../../trainer/engine/port.ts";
import { openTfjsNodeEngine } from "../../../trainer/engine/tfjs-node.ts";
import { engineContract } from "./engine-contract.ts";

describe("tfjs-node engine", function () {
  this.timeout(20_000);
  let opened: Engine | undefined;

  before("NOT RUN where @tensorflow/tfjs-node does not load", async function () {
    try {
      opened = await openTfjsNodeEngine();
    } catch (error) {
      if (!(error instanceof CommonweightError) || error.code !== "ENGINE_UNAVAILABLE") throw error;
      process.stdout.write(`  tfjs-node engine NOT RUN: ${error.message}\n`);
      this.skip();
    }
  });

  engineContract(async () => {
    if (opened === undefined) throw new Error("The engine is not open.");
    return opened;
  });
});
