import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { expect } from "chai";
import { hexlify, randomBytes } from "ethers";

const PROGRAM = fileURLToPath(new URL("../../../trainer/bin/commonweight.mjs", import.meta.url));
/** Planted fault, for `node --import`: an engine whose losses differ in the last bits. */
const OTHER_BINARY = ["--import", new URL("../engine/probe/without-simd-binary.ts", import.meta.url).href];
const CASES = ["linear", "dense", "convolution", "pooling", "dropout", "slices"];

describe("commonweight: a machine that computes otherwise", function () {
  this.timeout(60_000);
  let folder: string;
  /** Options of a worker whose chain nobody serves: only what comes before the chain can succeed or fail. */
  let worker: readonly string[];

  /** Runs the program to its end. */
  const run = (flags: readonly string[], ...args: readonly string[]) =>
    new Promise<{ status: number | null; out: string; err: string }>((resolve) => {
      const child = execFile(process.execPath, [...flags, PROGRAM, ...args], (_error, out, err) =>
        resolve({ status: child.exitCode, out, err }),
      );
    });

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "commonweight-engine-"));
    const key = join(folder, "key");
    await writeFile(key, hexlify(randomBytes(32)), { mode: 0o600 });
    worker = ["--job", "1", "--rpc", "http://127.0.0.1:1", "--key-file", key, "--data-dir", join(folder, "data")];
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it("does not score: ENGINE_DIFFERS, before the chain is read", async () => {
    const { status, err } = await run(OTHER_BINARY, "validator", "run", ...worker);
    expect(err).to.match(/^error ENGINE_DIFFERS: .*`dense`.*\n {2}\S/);
    expect(status).to.equal(1);
  });

  it("does not train on the WASM engine: ENGINE_DIFFERS", async () => {
    const { status, err } = await run(OTHER_BINARY, "trainer", "run", "--engine", "wasm", ...worker);
    expect(err).to.match(/^error ENGINE_DIFFERS: /);
    expect(status).to.equal(1);
  });

  it("goes on to the chain where it computes as committed", async () => {
    expect((await run([], "validator", "run", ...worker)).err).to.match(/^error CHAIN_UNREACHABLE: /m);
  });

  it("is shown by `engine check`, case by case", async () => {
    const { status, out, err } = await run(OTHER_BINARY, "engine", "check");
    expect(out)
      .to.match(/^ {2}linear +ok +\d+ ms$/m)
      .and.match(/^ {2}dense +differs in its weights +\d+ ms$/m);
    expect(err).to.match(/^error ENGINE_DIFFERS: /);
    expect(status).to.equal(1);
  });

  it("is not this one, says `engine check`", async () => {
    const { status, out, err } = await run([], "engine", "check", "--json");
    expect({ status, err }).to.deep.equal({ status: 0, err: "" });
    const { engine, cases } = JSON.parse(out) as { engine: string; cases: readonly { name: string }[] };
    expect(engine).to.equal("wasm");
    expect(cases.map(({ name }) => name)).to.deep.equal(CASES);
    expect(out).not.to.contain("difference");
  });
});
