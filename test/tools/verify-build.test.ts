import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { expect } from "chai";
import { HDNodeWallet, Mnemonic, type JsonRpcProvider } from "ethers";

import { compareWithList, lockedCompiler, readCodeList } from "../../tools/build/code-list.ts";
import { compiledCodes, type CodePart, type CompiledCode } from "../../tools/build/compiled-code.ts";
import { compareOnChain, openChain } from "../../tools/build/on-chain.ts";
import { deployMarket } from "@commonweight/sdk/chain/deploy-market";
import { bytecodeOf } from "../../trainer/local-chain/artifacts.ts";
import { withFreshBuild } from "../../tools/build/fresh-build.ts";
import { LOCAL_CHAIN_MNEMONIC, startLocalChain, type LocalChain } from "../../trainer/local-chain/local-chain.ts";
import { serialiseDeployment, type Deployment } from "@commonweight/sdk/chain/deployment";

const program = fileURLToPath(new URL("../../tools/build/command.ts", import.meta.url));
const run = promisify(execFile);
const STRANGER = "0x0000000000000000000000000000000000000bad";

/** A build is compared with the committed list and with a chain. */
describe("verifying the build", function () {
  // Builds the contracts, perhaps on a busy machine.
  this.timeout(420_000);
  let codes: readonly CompiledCode[];
  let chain: LocalChain;
  let provider: JsonRpcProvider;
  let deployment: Deployment;

  before(async () => {
    codes = await withFreshBuild((folder) => Promise.resolve(compiledCodes(folder)));
    chain = await startLocalChain();
    provider = await openChain(chain.url, chain.chainId);
    const account = HDNodeWallet.fromMnemonic(Mnemonic.fromPhrase(LOCAL_CHAIN_MNEMONIC), "m/44'/60'/0'/0/0");
    deployment = await deployMarket(account.connect(provider), { bytecodeOf, thawPeriod: 60 });
  });
  after(async () => {
    provider.destroy();
    await chain.stop();
  });

  /** Names of the comparisons with the chain that fail. */
  async function mismatches(of: Deployment = deployment): Promise<readonly string[]> {
    const all = await compareOnChain({ deployment: of, provider }, codes);
    return all.filter(({ matches }) => !matches).map(({ name }) => name);
  }

  /** The same, while a contract has changed code. */
  async function mismatchesWith(address: string, change: (code: string) => string): Promise<readonly string[]> {
    const code = await provider.getCode(address);
    await provider.send("hardhat_setCode", [address, change(code)]);
    try {
      return await mismatches();
    } finally {
      await provider.send("hardhat_setCode", [address, code]);
    }
  }

  function immutableOf(name: string): readonly CodePart[] {
    const places = codes.find((one) => one.name === name)?.immutables.find(({ length }) => length > 1);
    if (places === undefined) throw new Error(`${name} has no immutable in several places`);
    return places;
  }

  it("builds the code that the committed list names", () => {
    const differing = compareWithList(codes, lockedCompiler(), readCodeList()).filter(({ matches }) => !matches);
    expect(differing, "after a change of the contracts: npm run verify:build -- --write").to.deep.equal([]);
  });

  it("detects another hash, another compiler, and a contract that is not listed", () => {
    const { compiler, contracts } = readCodeList();
    const { JobBook: left, ...others } = contracts;
    const list = { compiler: `${compiler}x`, contracts: { ...others, TrustBook: left ?? "" } };
    const differing = compareWithList(codes, compiler, list).filter(({ matches }) => !matches);
    expect(differing.map(({ name }) => name)).to.deep.equal(["compiler", "JobBook", "TrustBook"]);
  });

  it("finds the same code on chain, and the right links between contracts", async () => {
    const all = await compareOnChain({ deployment, provider }, codes);
    expect(all).to.have.length(8 + 32);
    expect(await mismatches()).to.deep.equal([]);
  });

  it("detects one changed byte", async () => {
    const found = await mismatchesWith(deployment.panel, (code) => withWord(code, 0, "fe"));
    expect(found).to.deep.equal([`ScoringPanel at ${deployment.panel}`]);
  });

  it("detects extra bytes at the end of the code", async () => {
    const found = await mismatchesWith(deployment.market, (code) => `${code}00`);
    expect(found).to.deep.equal([`TrainingMarket at ${deployment.market}`]);
  });

  it("detects an immutable with different values in different places", async () => {
    const [{ start, length }] = immutableOf("TrainingRounds") as readonly [CodePart];
    const found = await mismatchesWith(deployment.rounds, (code) => withWord(code, start, wordOf(STRANGER, length)));
    expect(found).to.deep.equal([`TrainingRounds at ${deployment.rounds}`]);
  });

  it("detects a contract that is linked to a foreign contract", async () => {
    const places = immutableOf("TrustBook");
    const found = await mismatchesWith(deployment.trust, (code) =>
      places.reduce((text, { start, length }) => withWord(text, start, wordOf(STRANGER, length)), code),
    );
    expect(found).to.have.length(1);
    expect(found[0]).to.match(/^TrustBook\.(ROUNDS|PANEL)$/);
  });

  it("detects an address without code", async () => {
    const book = "0x000000000000000000000000000000000000dEaD";
    expect(await mismatches({ ...deployment, book })).to.include(`JobBook at ${book}`);
  });

  describe("as a command", () => {
    let folder: string;

    before(() => (folder = mkdtempSync(join(tmpdir(), "cw-verify-"))));
    after(() => rmSync(folder, { recursive: true }));

    async function refusal(chainId: bigint, url: string): Promise<unknown> {
      const path = join(folder, "deployment.json");
      writeFileSync(path, serialiseDeployment({ ...deployment, chainId }));
      const options = ["--deployment", path, "--rpc", url];
      return run(process.execPath, ["--disable-warning=ExperimentalWarning", program, ...options]).catch(
        (error: unknown) => error,
      );
    }

    it("refuses an endpoint of another chain", async () => {
      const refused = await refusal(1n, chain.url);
      expect(refused).to.include({ code: 1 });
      expect(refused)
        .to.have.property("stderr")
        .that.matches(/^VERIFY_WRONG_CHAIN: .*chain 31337.*chain 1/);
    });

    it("refuses an endpoint that does not answer", async () => {
      const refused = await refusal(31_337n, "http://127.0.0.1:1");
      expect(refused).to.include({ code: 1 });
      expect(refused)
        .to.have.property("stderr")
        .that.matches(/^VERIFY_NO_CHAIN: /);
    });
  });
});

/** Replaces the bytes of code from `start` by hexadecimal digits. */
function withWord(code: string, start: number, digits: string): string {
  const from = 2 + 2 * start;
  return code.slice(0, from) + digits + code.slice(from + digits.length);
}

function wordOf(address: string, length: number): string {
  return address.slice(2).padStart(2 * length, "0");
}
