import { accessSync, constants, globSync, mkdtempSync, rmSync } from "node:fs";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

import { expect } from "chai";
import { build, type BuildOptions } from "esbuild";
import { HDNodeWallet, JsonRpcProvider } from "ethers";
import { chromium, type BrowserContext } from "playwright-core";

import { connectContracts } from "@commonweight/sdk/chain/contracts";
import { serialiseDeployment } from "@commonweight/sdk/chain/deployment";
import { LOCAL_CHAIN_MNEMONIC } from "@commonweight/sdk/chain/local-chain";
import { postJob } from "@commonweight/sdk/chain/post-job";
import { resolveJob } from "@commonweight/sdk/chain/resolve-job";
import { parseJobFile } from "@commonweight/sdk/job-file/job-file";
import { digestOf } from "@commonweight/sdk/protocol/content-id";
import { startMarketChain, type MarketChain } from "../../trainer/local-chain/market-chain.ts";
import { ROOT } from "../../tools/programs/run-tool.ts";
import type { JobOnPage } from "./browser-page.ts";

const BUNDLE: BuildOptions & { write: false } = {
  absWorkingDir: ROOT,
  bundle: true,
  platform: "browser",
  format: "esm",
  target: "es2022",
  logLevel: "silent",
  write: false,
};
const MODEL = "bafybeidskjjd4zmr7oh6ku6wp72vvbxyibcli2r6if3ocdcy7jjjusvl2u";
const JOB_FILE = `
name: Digits
model: linear
data: { shape: [8, 8, 1], classes: 10, partition: { kind: own }, holdout: { kind: own } }
scoring: { rule: accuracy }
money: { reward: 10 }
`;
/** Flags that keep Chromium from making external requests. */
const FLAGS = [
  ..."--headless --no-sandbox --disable-gpu --disable-quic --no-first-run".split(" "),
  ..."--disable-background-networking --disable-component-update --disable-sync".split(" "),
];

describe("the sdk in a browser", function () {
  this.timeout(120_000);

  it("can be bundled completely, without Node's modules", async () => {
    const files = globSync("**/*.ts", { cwd: join(ROOT, "sdk"), exclude: ["dist/**", "abi/typechain/**"] });
    const names = files.map((file) => file.replaceAll("\\", "/").replace(/\.ts$/, "")).toSorted();
    expect(names).to.include("chain/read-job");
    await bundled(names.map((name, index) => `export * as m${index} from "@commonweight/sdk/${name}";`).join("\n"));
  });

  it("cannot be bundled with one of Node's modules", async () => {
    const planted = 'export { readFileSync } from "node:fs"; export * from "@commonweight/sdk/errors";';
    const refused: unknown = await bundled(planted).catch((error: unknown) => error);
    expect(String(refused)).to.include('Could not resolve "node:fs"');
  });

  describe("Chromium", () => {
    let market: MarketChain;
    let jobId: bigint;
    let server: Server;
    let context: BrowserContext;
    let profile: string;

    before(async function () {
      const executablePath = findChromium();
      if (executablePath === undefined) {
        console.log("NOT RUN: there is no chromium on the PATH");
        return this.skip();
      }
      market = await startMarketChain();
      jobId = await postedJob(market);
      server = await served(await bundled('export { readJobOnPage } from "./test/packages/browser-page.ts";'));
      profile = mkdtempSync(join(tmpdir(), "commonweight-chromium-"));
      context = await chromium.launchPersistentContext(profile, { executablePath, args: FLAGS });
    });
    after(async () => {
      await context?.close();
      server?.close();
      await market?.chain.stop();
      if (profile !== undefined) rmSync(profile, { recursive: true, force: true });
    });

    it("reads a job from a local chain", async () => {
      const page = await context.newPage();
      const errors: string[] = [];
      page.on("pageerror", (error) => errors.push(error.message));
      await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
      const readArguments = [
        JSON.stringify(market.chain.url),
        serialiseDeployment(market.deployment),
        JSON.stringify(jobId.toString()),
      ];
      // Passed as text, because this file cannot import the bundle's module.
      const read = await page.evaluate<JobOnPage>(
        `import("/bundle.js").then(({ readJobOnPage }) => readJobOnPage(${readArguments.join(", ")}))`,
      );
      expect(errors).to.deep.equal([]);
      expect(read).to.deep.equal({ phase: "waiting", reward: `${10n ** 19n}`, rounds: 10, model: MODEL });
    });
  });
});

/** Bundles the sources of an entry module for browsers. */
async function bundled(contents: string): Promise<string> {
  const { outputFiles } = await build({ ...BUNDLE, stdin: { contents, resolveDir: ROOT } });
  return outputFiles[0]?.text ?? "";
}

async function postedJob({ chain, deployment }: MarketChain): Promise<bigint> {
  const provider = new JsonRpcProvider(chain.url, undefined, { cacheTimeout: -1 });
  try {
    const contracts = connectContracts(deployment, HDNodeWallet.fromPhrase(LOCAL_CHAIN_MNEMONIC).connect(provider));
    const { job } = parseJobFile(JOB_FILE, "job.yaml");
    const { params } = await resolveJob(contracts, job, { initialModel: MODEL });
    return (await postJob(contracts, { ...params, specDigest: digestOf(MODEL) })).jobId;
  } finally {
    provider.destroy();
  }
}

/** Serves an empty page and the bundle on a loopback port. */
async function served(bundle: string): Promise<Server> {
  const server = createServer(({ url }, response) => {
    const isBundle = url === "/bundle.js";
    response.setHeader("content-type", isBundle ? "text/javascript" : "text/html");
    response.end(isBundle ? bundle : "<!doctype html><title>sdk</title>");
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return server;
}

function findChromium(): string | undefined {
  const folders = (process.env.PATH ?? "").split(delimiter);
  return folders
    .flatMap((folder) => ["chromium", "chromium-browser"].map((name) => join(folder, name)))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}
