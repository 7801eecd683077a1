import { spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";

import { expect } from "chai";
import { HDNodeWallet } from "ethers";

import { LOCAL_CHAIN_MNEMONIC } from "@commonweight/sdk/chain/local-chain";
import manifest from "../../package.json" with { type: "json" };
import { startMarketChain, type MarketChain } from "../../trainer/local-chain/market-chain.ts";
import { ROOT } from "../../tools/programs/run-tool.ts";
import { findNode, runUnder, unreachableReason } from "../helpers/packages/node-version.ts";
import { emptyProject, packPackages, readmeExample, type PackedPackages } from "../helpers/packages/packed.ts";

const MOST_LINES = 20;
const MINUTE_MS = 60_000;
/** CI tests both versions; elsewhere a second installation would take another minute. */
const MAJORS = process.env.CI === undefined ? [22] : [22, 24];
const DEPLOYMENT = "node_modules/@commonweight/sdk/dist/deployments/local.json";
const TYPE_CHECK = {
  compilerOptions: {
    strict: true,
    target: "es2023",
    module: "nodenext",
    lib: ["ES2023", "DOM"],
    types: [],
    noEmit: true,
  },
  include: ["example.ts"],
};

describe("the packages, packed and installed", function () {
  this.timeout(10 * MINUTE_MS);
  let packed: PackedPackages;
  let market: MarketChain;

  before(async () => {
    [packed, market] = await Promise.all([packPackages(), startMarketChain()]);
  });
  after(async () => {
    packed.remove();
    await market.chain.stop();
  });

  it("have an example of at most 20 lines that imports only ethers and the sdk", () => {
    const lines = readmeExample("")
      .split("\n")
      .filter((line) => line.trim() !== "");
    expect(lines).to.have.lengthOf.at.most(MOST_LINES);
    const imported = lines.flatMap((line) => / from "([^"]+)"/.exec(line)?.[1] ?? []);
    for (const name of imported) expect(name).to.match(/^(ethers$|@commonweight\/sdk\/)/);
  });

  for (const major of MAJORS) {
    describe(`under Node ${major}`, () => {
      let node: string;
      let folder: string;
      const run = (...command: readonly [string, ...string[]]) => runUnder(node, folder, command);
      const program = (...words: readonly string[]) =>
        run("npx", "--no-install", "commonweight", ...words, "--rpc", market.chain.url, "--deployment", DEPLOYMENT);

      before(async function () {
        const found = await findNode(major);
        if (found.kind === "missing") return notRun(this, found.reason);
        node = found.path;
        folder = emptyProject();
        const flags = ["--prefer-offline", "--no-audit", "--no-fund", "--loglevel=error"];
        const { status, output } = await run("npm", "install", ...flags, packed.sdk, packed.program);
        if (status === 0) return;
        const reason = unreachableReason(output);
        if (reason !== undefined) return notRun(this, reason);
        throw new Error(`the packages do not install under Node ${major}:\n${output}`);
      });
      after(() => {
        if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
      });

      it("print version and help", async () => {
        const version = await program("--version");
        expect(version.output.trim()).to.equal(manifest.version);
        const help = await program("--help");
        expect(help).to.include({ status: 0 });
        expect(help.stdout).to.match(/Usage: commonweight .*\n[^]* job [^]* trainer [^]* validator /);
      });

      it("list a local chain's jobs", async () => {
        const { status, stdout, output } = await program("job", "list", "--json");
        expect(status, output).to.equal(0);
        expect(JSON.parse(stdout)).to.be.an("array");
      });

      it("post a job and follow its events with the README's example", async () => {
        writeFileSync(join(folder, "example.ts"), readmeExample(market.chain.url));
        writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(TYPE_CHECK));
        const types = await run("node", join(ROOT, "node_modules/typescript/bin/tsc"));
        expect(types.status, types.output).to.equal(0);

        const key = join(folder, "key");
        writeFileSync(key, HDNodeWallet.fromPhrase(LOCAL_CHAIN_MNEMONIC).privateKey, { mode: 0o600 });
        const names = await followed(async (jobId) => {
          const { status, output } = await program("job", "cancel", jobId, "--key-file", key);
          expect(status, output).to.equal(0);
        });
        expect(names).to.deep.equal(["JobPosted", "JobCancelled", "JobClosed"]);
      });

      /** Runs the example until the job is closed, and returns the names of the events that it prints. */
      async function followed(onPosted: (jobId: string) => Promise<void>): Promise<readonly string[]> {
        const child = spawn(node, ["--disable-warning=ExperimentalWarning", "example.ts"], {
          cwd: folder,
          stdio: ["ignore", "pipe", "inherit"],
        });
        const ended = once(child, "exit");
        const names: string[] = [];
        for await (const line of createInterface(child.stdout)) {
          const name = /^(\w+) \{/.exec(line)?.[1];
          if (name !== undefined) names.push(name);
          const jobId = /^ {2}jobId: (\d+)n/.exec(line)?.[1];
          if (jobId !== undefined && names.length === 1) await onPosted(jobId);
        }
        expect((await ended)[0]).to.equal(0);
        return names;
      }
    });
  }
});

function notRun(context: Mocha.Context, reason: string): void {
  console.log(`NOT RUN: ${reason}`);
  context.skip();
}
