import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

import { expect } from "chai";
import { JsonRpcProvider, parseEther } from "ethers";

import { parseDeployment } from "@commonweight/sdk/chain/deployment";

const PROGRAM = fileURLToPath(new URL("../../bin/commonweight.mjs", import.meta.url));

/** The line that `commonweight chain --json` prints. */
interface ReadyLine {
  readonly url: string;
  readonly chainId: number;
  readonly deployment: string;
  readonly thawSeconds: number;
  readonly keys: readonly { readonly account: string; readonly keyFile: string }[];
}

describe("commonweight chain", function () {
  this.timeout(180_000);
  const folder = mkdtempSync(join(tmpdir(), "commonweight-chain-"));
  const running = new Set<ChildProcess>();
  let child: ChildProcess;
  let ready: ReadyLine;
  before(async () => {
    ({ child, ready } = await start("--port", "0"));
  });
  after(async () => {
    const ended = [...running].map((one) => once(one, "exit"));
    for (const one of running) one.kill();
    await Promise.all(ended);
    rmSync(folder, { recursive: true, force: true });
  });

  function open(...args: readonly string[]): ChildProcess {
    // The working directory lies outside of every package, as a user's may.
    const opened = spawn(process.execPath, [PROGRAM, ...args, "--data-dir", join(folder, "data")], {
      cwd: folder,
      stdio: ["ignore", "pipe", "pipe"],
    });
    running.add(opened);
    opened.once("exit", () => running.delete(opened));
    return opened;
  }

  async function start(...args: readonly string[]) {
    const started = open("chain", "--json", ...args);
    if (started.stdout === null || started.stderr === null) throw new Error("no output");
    started.stderr.resume();
    const [line] = (await once(createInterface(started.stdout), "line")) as [string];
    return { child: started, line, ready: JSON.parse(line) as ReadyLine };
  }

  async function run(...args: readonly string[]) {
    const opened = open(...args);
    if (opened.stdout === null || opened.stderr === null) throw new Error("no output");
    const [out, err, [status]] = await Promise.all([text(opened.stdout), text(opened.stderr), once(opened, "exit")]);
    return { status: status as number | null, out, err };
  }

  /** Runs a command by the chain's files, as its first account. */
  async function asFirst(...args: readonly string[]): Promise<Record<string, unknown>> {
    const place = ["--rpc", ready.url, "--deployment", ready.deployment, "--key-file", ready.keys[0]?.keyFile ?? ""];
    const { status, out, err } = await run(...args, ...place, "--json");
    expect(status, err).to.equal(0);
    return JSON.parse(out) as Record<string, unknown>;
  }

  it("prints one line with the URL on the loopback address, the deployment and the keys' files", () => {
    expect(ready.url).to.match(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(ready).to.include({ chainId: 31_337, thawSeconds: 60 });
    const deployment = parseDeployment(readFileSync(ready.deployment, "utf8"), ready.deployment);
    expect(deployment).to.include({ chainId: 31_337n, thawPeriod: 60 });
    expect(ready.keys).to.have.lengthOf(12);
    for (const { keyFile } of ready.keys) expect(statSync(keyFile).mode & 0o777).to.equal(0o600);
  });

  it("lets an account stake, thaw and withdraw within the short thaw", async () => {
    await asFirst("stake", "2");
    await asFirst("thaw", "all");
    const early = await asFirst("withdraw");
    expect(early.withdrawn).to.deep.equal([]);
    const provider = new JsonRpcProvider(ready.url, undefined, { cacheTimeout: -1 });
    await provider.send("evm_increaseTime", [ready.thawSeconds]);
    await provider.send("evm_mine", []);
    provider.destroy();
    const [part] = (await asFirst("withdraw")).withdrawn as readonly { readonly amount: string }[];
    expect(part?.amount).to.equal(parseEther("2").toString());
  });

  it("refuses a port in use, and options that are none: LOCAL_CHAIN_PORT_IN_USE, OPTIONS_INVALID", async () => {
    const { port } = new URL(ready.url);
    const second = await run("chain", "--port", port);
    expect(second.status).to.equal(1);
    expect(second.err).to.match(/^error LOCAL_CHAIN_PORT_IN_USE: /);
    for (const options of [
      ["--port", "99999"],
      ["--for", "never"],
      ["--for", "0s"],
    ]) {
      const { status, err } = await run("chain", ...options);
      expect(status).to.equal(1);
      expect(err).to.match(/^error OPTIONS_INVALID: /);
    }
  });

  it("ends with status 0 when it is told to, and nothing listens any more", async () => {
    const ended = once(child, "exit");
    child.kill("SIGTERM");
    expect(await ended).to.deep.equal([0, null]);
    const refused: unknown = await fetch(ready.url).catch((error: unknown) => error);
    expect(refused).to.be.instanceOf(TypeError);
  });

  it("starts again in the same folder, prints no key, and stops by itself", async () => {
    const [first] = ready.keys;
    const key = readFileSync(first?.keyFile ?? "", "utf8").trim();
    // A file that others can read is replaced by one that they cannot.
    chmodSync(first?.keyFile ?? "", 0o644);
    const { status, out, err } = await run("chain", "--port", "0", "--for", "2s");
    expect(status, err).to.equal(0);
    expect(out).to.contain("export COMMONWEIGHT_KEY_FILE=data/local-keys/account-0");
    expect(out + err).not.to.contain(key.slice(2));
    expect(statSync(first?.keyFile ?? "").mode & 0o777).to.equal(0o600);
  });
});
