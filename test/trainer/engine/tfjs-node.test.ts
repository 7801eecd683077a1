import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";

import { expect } from "chai";

import { CommonweightError } from "@commonweight/sdk/errors";
import { compareEngines } from "../../../trainer/engine/comparison/compare-engines.ts";
import { deviationError } from "../../../trainer/engine/comparison/require-close.ts";
import { installedTfjsNode } from "../../../trainer/engine/native/location.ts";
import { tryEngine } from "../../../trainer/engine/native/try-engine.ts";
import type { Engine } from "../../../trainer/engine/port.ts";
import { openTfjsNodeEngine } from "../../../trainer/engine/tfjs-node.ts";
import { openWasmEngine } from "../../../trainer/engine/wasm.ts";
import { engineContract, never } from "./engine-contract.ts";

const PROGRAM = fileURLToPath(new URL("../../../trainer/bin/commonweight.mjs", import.meta.url));
const TRIAL = fileURLToPath(new URL("../../../trainer/bin/try-engine.mjs", import.meta.url));

/** Runs Node to its end, with an environment that raises and lowers no log level. */
function runNode(...args: readonly string[]): Promise<{ status: number | null; out: string; err: string }> {
  const { TF_CPP_MIN_LOG_LEVEL: _level, ...env } = process.env;
  return new Promise((resolve) => {
    const child = execFile(process.execPath, args, { env }, (_error, out, err) =>
      resolve({ status: child.exitCode, out, err }),
    );
  });
}

describe("tfjs-node engine", function () {
  this.timeout(120_000);
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

  const open = (): Engine => {
    if (opened === undefined) throw new Error("The engine is not open.");
    return opened;
  };

  engineContract(() => Promise.resolve(open()));

  it("names the library that computes", () => {
    expect(open().version).to.match(/^TensorFlow\.js 4\.22\.0 on TensorFlow \d+\.\d+/);
  });

  it("differs from the WASM engine in the last bits only, on every preset", async () => {
    for await (const compared of compareEngines(await openWasmEngine(), open(), never)) {
      expect(deviationError(open(), [compared])).to.equal(undefined);
      const { deviation, samples } = compared;
      expect(deviation?.lossBefore).to.be.below(1e-5);
      expect(deviation?.lossAfter).to.be.below(1e-3);
      expect(deviation?.predictions).to.be.at.most(samples / 50);
    }
  });

  it("writes no line of its own beside the program's output", async () => {
    const { status, out, err } = await runNode(PROGRAM, "engine", "check", "--json");
    expect({ status, err }).to.deep.equal({ status: 0, err: "" });
    const [report = "", ...others] = out.trim().split("\n");
    expect(others).to.deep.equal([]);
    const { tfjsNode, presets } = JSON.parse(report) as { tfjsNode: { kind: string }; presets: readonly unknown[] };
    expect(tfjsNode.kind).to.equal("open");
    expect(presets).to.have.length(3);
  });

  it("computes in a process without an environment that may read it and load native modules, and in no other", async function () {
    const folder = installedTfjsNode();
    if (folder === undefined) return this.skip();
    expect(await tryEngine(folder, never)).to.include({ kind: "ok", tfjsNode: "4.22.0" });
    const permissions = ["--permission", "--allow-fs-read=*", "--disable-warning=ExperimentalWarning"];
    const { status, err } = await runNode(...permissions, TRIAL, folder);
    expect(status).to.not.equal(0);
    expect(err).to.contain("addons is disabled");
  });
});
