import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { constants, tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { expect } from "chai";

import { runProgram, type ProgramResult } from "../../tools/programs/run-program.ts";
import { ROOT } from "../../tools/programs/run-tool.ts";
import { findNode, runUnder } from "../helpers/packages/node-version.ts";

const BOOTSTRAP = "bin/bootstrap.mjs";
const PROGRAM = "scripts/program.mjs";
const CONTRACT = "contracts/libraries/Rules.sol";
/** Fakes of npm and Hardhat, which log their calls and create the files that the bootstrap checks. */
const FAKE_NPM = `#!/usr/bin/env node
const { appendFileSync, mkdirSync } = require("node:fs");
appendFileSync("calls", "npm " + process.argv.slice(2).join(" ") + "\\n");
mkdirSync("node_modules", { recursive: true });
`;
const FAKE_HARDHAT = `
const { appendFileSync, mkdirSync, writeFileSync } = require("node:fs");
appendFileSync("calls", "hardhat " + process.argv.slice(2).join(" ") + "\\n");
for (const folder of ["artifacts/contracts", "sdk/abi/typechain"]) mkdirSync(folder, { recursive: true });
writeFileSync("sdk/abi/typechain/index.ts", "");
`;
const PRINTS_ARGUMENTS = `
console.log(JSON.stringify({ version: process.versions.node, words: process.argv.slice(2) }));
process.exitCode = 7;
`;
/** An installation that goes on until a signal ends it, or for half a minute at most. */
const ENDLESS_NPM = `#!/usr/bin/env node
require("node:fs").writeFileSync("npm-pid", String(process.pid));
setTimeout(() => undefined, 30_000);
`;
const NPM_CALL = "npm ci --no-audit --no-fund --loglevel=error";
const HARDHAT_CALL = "hardhat build --no-tests --quiet";

describe("bin/bootstrap.mjs", function () {
  this.timeout(120_000);
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "commonweight-bootstrap-"));
    for (const part of ["bin", "trainer/bin"]) cpSync(join(ROOT, part), join(folder, part), { recursive: true });
    file("package-lock.json", "{}");
    file("hardhat.config.ts", "");
    file(CONTRACT, "library Rules {}");
    file(PROGRAM, PRINTS_ARGUMENTS);
    file("calls", "");
    file("node_modules/hardhat/dist/src/cli.js", FAKE_HARDHAT);
    file("programs/npm", FAKE_NPM);
    chmodSync(join(folder, "programs/npm"), 0o755);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("prints an example if no program or an unknown one is given", async () => {
    for (const words of [[], ["scripts/none.ts"]]) {
      const { status, output } = await start(...words);
      expect(status).to.equal(2);
      expect(output).to.include("For example: node bin/bootstrap.mjs scripts/demo.ts");
    }
    expect(calls()).to.deep.equal([]);
  });

  it("installs and builds once, and passes on arguments and exit status", async () => {
    for (let run = 0; run < 2; run++) {
      const { status, stdout } = await start(PROGRAM, "--flag", "two words");
      expect(status).to.equal(7);
      expect(JSON.parse(stdout)).to.have.property("words").that.deep.equals(["--flag", "two words"]);
    }
    expect(calls()).to.deep.equal([NPM_CALL, HARDHAT_CALL]);
  });

  it("installs and builds again after a change of the lock file", async () => {
    await start(PROGRAM);
    file("package-lock.json", '{"packages":{}}');
    await start(PROGRAM);
    expect(calls()).to.deep.equal([NPM_CALL, HARDHAT_CALL, NPM_CALL, HARDHAT_CALL]);
  });

  it("builds again after a change of a contract, or where the contracts' types are missing", async () => {
    await start(PROGRAM);
    file(CONTRACT, "library Rules { }");
    await start(PROGRAM);
    rmSync(join(folder, "sdk/abi/typechain"), { recursive: true });
    await start(PROGRAM);
    await start(PROGRAM);
    expect(calls()).to.deep.equal([NPM_CALL, HARDHAT_CALL, HARDHAT_CALL, HARDHAT_CALL]);
  });

  it("ends with the status of an installation that fails, and starts nothing", async () => {
    file("programs/npm", "#!/bin/sh\nexit 3\n");
    const { status, stdout, output } = await start(PROGRAM);
    expect(status).to.equal(1);
    expect(stdout).to.equal("");
    expect(output).to.include("failed");
  });

  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    it(`ends npm on ${signal}, and installs again although the lock file is the earlier one`, async () => {
      await start(PROGRAM);
      file("package-lock.json", '{"packages":{}}');
      file("programs/npm", ENDLESS_NPM);
      const child = spawn(process.execPath, [BOOTSTRAP, PROGRAM], {
        ...{ cwd: folder, env: { ...process.env, PATH: searchPath() }, stdio: "ignore" },
      });
      const ended = once(child, "exit");
      const pid = await writtenPid();
      child.kill(signal);
      expect(await ended).to.deep.equal([128 + constants.signals[signal], null]);
      expect(() => process.kill(pid, 0)).to.throw("ESRCH");

      file("package-lock.json", "{}");
      file("programs/npm", FAKE_NPM);
      file("calls", "");
      expect((await start(PROGRAM)).status).to.equal(7);
      expect(calls()).to.include(NPM_CALL);
    });
  }

  it("restores the manifest that an interrupted npm pack left", async () => {
    file("sdk/package.json", "published");
    file("sdk/package.source.json", "source");
    await start(PROGRAM);
    expect(readFileSync(join(folder, "sdk/package.json"), "utf8")).to.equal("source");
  });

  it("runs under a recent Node where it is started under Node 18", async function () {
    const old = await findNode(18);
    if (old.kind === "missing") {
      console.log(`NOT RUN: ${old.reason}`);
      return this.skip();
    }
    // Installs and builds first, so that the run under the old Node only has to find a recent one.
    await start(PROGRAM);
    const { status, stdout, output } = await runUnder(old.path, folder, ["node", BOOTSTRAP, PROGRAM, "--flag"]);
    expect(output).to.match(/Node 22\.18 or later is needed, this is v18/);
    expect(status).to.equal(7);
    const { version, words } = JSON.parse(stdout) as { version: string; words: readonly string[] };
    expect(version).to.match(/^22\./);
    expect(words).to.deep.equal(["--flag"]);
  });

  function start(...words: readonly string[]): Promise<ProgramResult> {
    return runProgram(process.execPath, [BOOTSTRAP, ...words], { folder, environment: { PATH: searchPath() } });
  }

  function searchPath(): string {
    return [join(folder, "programs"), dirname(process.execPath), process.env.PATH ?? ""].join(delimiter);
  }

  /** The process id of the endless npm, once it runs. */
  async function writtenPid(): Promise<number> {
    const end = performance.now() + 20_000;
    while (performance.now() < end) {
      const path = join(folder, "npm-pid");
      const text = existsSync(path) ? readFileSync(path, "utf8") : "";
      if (text !== "") return Number(text);
      await sleep(50);
    }
    throw new Error("npm was not started within 20 s");
  }

  function file(name: string, text: string): void {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }

  function calls(): readonly string[] {
    return readFileSync(join(folder, "calls"), "utf8")
      .split("\n")
      .filter((line) => line !== "");
  }
});
