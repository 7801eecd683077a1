import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";

import { CommonweightError } from "@commonweight/sdk/errors";
import { tfjsNodeFolder } from "../../../../trainer/engine/native/location.ts";
import { probeApart } from "../../../../trainer/engine/probe/probe-apart.ts";
import { openWasmEngine } from "../../../../trainer/engine/wasm.ts";
import { never } from "../engine-contract.ts";

/** Ends a process that has the secret in its environment. */
const NO_SECRET = "--import=data:text/javascript,if(process.env.COMMONWEIGHT_SECRET)throw(1)";

describe("probe in a process of its own", function () {
  this.timeout(30_000);
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "commonweight-probe-"));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  /** Runs with variables added to this process's environment. */
  const withEnvironment = async <Result>(variables: Record<string, string>, run: () => Promise<Result>) => {
    const before = process.env;
    process.env = { ...before, ...variables };
    try {
      return await run();
    } finally {
      process.env = before;
    }
  };

  it("gives what the engine says of itself", async () => {
    const { name, version } = await openWasmEngine();
    expect(await probeApart("wasm", never)).to.deep.equal({ name, version, reason: "The configuration asks for it." });
  });

  it("looks for tfjs-node where this process would, and hands its error on: ENGINE_UNAVAILABLE", async () => {
    const empty = tfjsNodeFolder(folder);
    await mkdir(empty);
    const probe = () => probeApart("tfjs-node", never).catch((reason: unknown) => reason);
    const error = await withEnvironment({ COMMONWEIGHT_ENGINE_DIR: folder }, probe);
    if (!(error instanceof CommonweightError)) throw new TypeError("no error with a code", { cause: error });
    expect(error.code).to.equal("ENGINE_UNAVAILABLE");
    expect(error.message).to.match(/does not load/);
    expect(error.hint).to.contain("commonweight engine install");
  });

  it("has Node's options, and no variable that it does not need", async () => {
    const probe = () => probeApart("wasm", never);
    const variables = { NODE_OPTIONS: NO_SECRET, COMMONWEIGHT_SECRET: "hunter2" };
    expect((await withEnvironment(variables, probe)).name).to.equal("wasm");
  });

  it("ends on abort", async () => {
    const error = await probeApart("wasm", AbortSignal.timeout(50)).catch((reason: unknown) => reason);
    expect(error).to.include({ name: "AbortError" });
  });
});
