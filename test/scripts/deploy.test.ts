import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { expect } from "chai";
import { HDNodeWallet, JsonRpcProvider, Mnemonic, ZeroAddress } from "ethers";

import { confirmationsOf, deployMarket, type DeployMarketOptions } from "@commonweight/sdk/chain/deploy-market";
import { isLocalChain } from "@commonweight/sdk/chain/local-chain";
import { bytecodeOf } from "../../trainer/local-chain/artifacts.ts";
import { LOCAL_CHAIN_MNEMONIC, startLocalChain, type LocalChain } from "../../trainer/local-chain/local-chain.ts";
import { connectContracts } from "@commonweight/sdk/chain/contracts";
import { readDeployment } from "../../trainer/cli/wiring/deployment-file.ts";

const program = fileURLToPath(new URL("../../scripts/deploy.ts", import.meta.url));
const run = promisify(execFile);
/** Gas limit of a transaction by EIP-7825. */
const MAX_TRANSACTION_GAS = 16_777_216n;

describe("deploying", function () {
  this.timeout(60_000);
  const account = HDNodeWallet.fromMnemonic(Mnemonic.fromPhrase(LOCAL_CHAIN_MNEMONIC), "m/44'/60'/0'/0/0");
  const network = `test-${process.pid}`;
  let chain: LocalChain;
  let provider: JsonRpcProvider;
  let folder: string;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "cw-deploy-"));
    writeFileSync(join(folder, "key"), account.privateKey, { mode: 0o600 });
    chain = await startLocalChain();
    provider = new JsonRpcProvider(chain.url);
  });
  after(async () => {
    provider.destroy();
    await chain.stop();
    rmSync(folder, { recursive: true });
  });

  function file(): string {
    return join(folder, "deployment.json");
  }

  function deploy(...options: string[]) {
    const fixed = ["--rpc", chain.url, "--key-file", join(folder, "key"), "--network", network, "--out", file()];
    return run(process.execPath, ["--disable-warning=ExperimentalWarning", program, ...fixed, ...options]);
  }

  it("writes the addresses of contracts that refer to each other", async () => {
    await deploy("--thaw-period", "60");
    const deployment = await readDeployment(file());
    const { market, lifecycle, rounds, book, trust, committees, panel, registry, wrappedNative } = connectContracts(
      deployment,
      provider,
    );

    expect(deployment).to.include({ network, chainId: 31_337n, thawPeriod: 60, confirmations: 1 });
    expect(await market.PANEL()).to.equal(deployment.panel);
    expect(await market.ROUNDS()).to.equal(deployment.rounds);
    expect(await market.BOOK()).to.equal(deployment.book);
    expect(await rounds.MARKET()).to.equal(deployment.market);
    expect(await rounds.TRUST()).to.equal(deployment.trust);
    expect(await book.MARKET()).to.equal(deployment.market);
    expect(await book.ROUNDS()).to.equal(deployment.rounds);
    expect(await trust.PANEL()).to.equal(deployment.panel);
    expect(await panel.LIFECYCLE()).to.equal(deployment.lifecycle);
    expect(await lifecycle.COMMITTEES()).to.equal(deployment.committees);
    expect(await committees.REGISTRY()).to.equal(deployment.registry);
    expect(await registry.COMMITTEES()).to.equal(deployment.committees);
    expect(await registry.THAW_PERIOD()).to.equal(60n);
    expect(await wrappedNative.symbol()).to.equal("WNAT");
  });

  it("creates all contracts in transactions below the gas limit of every chain", async () => {
    const { transaction, market, block } = await readDeployment(file());
    const receipt = await provider.getTransactionReceipt(transaction);
    expect(receipt?.contractAddress).to.equal(market);
    const sent: bigint[] = [];
    for (let number = block; number <= (receipt?.blockNumber ?? 0); number++) {
      const { transactions = [] } = (await provider.getBlock(number)) ?? {};
      for (const hash of transactions) sent.push((await provider.getTransactionReceipt(hash))?.gasUsed ?? 0n);
    }
    // One transaction for each of the six contracts, and perhaps one for the wrapped coin.
    expect(sent).to.have.lengthOf.within(6, 7);
    for (const gasUsed of sent) expect(gasUsed).to.be.within(1n, MAX_TRANSACTION_GAS);
  });

  it("does not overwrite an existing deployment, unless forced", async () => {
    const before = await readDeployment(file());
    const refused: unknown = await deploy().catch((error: unknown) => error);
    expect(refused).to.have.property("code", 1);
    expect(refused).to.have.property("stderr").that.includes("DEPLOYMENT_EXISTS");
    await deploy("--force", "--confirmations", "5");
    expect((await readDeployment(file())).confirmations).to.equal(5);
    expect((await readDeployment(file())).market).not.to.equal(before.market);
  });

  it("refuses --confirmations out of range", async () => {
    const refused: unknown = await deploy("--force", "--confirmations", "0").catch((error: unknown) => error);
    expect(refused).to.have.property("stderr").that.includes("from 1 to 1000");
  });

  it("takes 1337 and 31337 for local chains, and no other", () => {
    expect([1_337n, 31_337n, 1n, 8_453n].map(isLocalChain)).to.deep.equal([true, true, false, false]);
  });

  it("deploys a wrapped coin on the other local chain too", async () => {
    const deployment = await deployOn(1_337, {});
    expect(deployment).to.include({ network: "chain-1337", confirmations: 1 });
    expect(deployment.wrappedNative).to.match(/^0x/);
  });

  it("deploys a wrapped coin on any chain when told to, and says so when not: DEPLOYMENT_NO_WRAPPED_NATIVE", async () => {
    const refused: unknown = await deployOn(4_242, {}).catch((error: unknown) => error);
    expect(refused).to.have.property("code", "DEPLOYMENT_NO_WRAPPED_NATIVE");
    expect(refused).to.have.property("hint").that.includes("--deploy-wrapped-native");
    const deployment = await deployOn(4_242, { deployWrappedNative: true });
    expect(deployment).to.include({ network: "chain-4242", confirmations: 12 });
  });

  it("refuses to deploy a wrapped coin beside a given one", async () => {
    const both = ["--wrapped-native", ZeroAddress, "--deploy-wrapped-native"];
    const refused: unknown = await deploy("--force", ...both).catch((error: unknown) => error);
    expect(refused).to.have.property("stderr").that.includes("cannot be used with");
  });

  async function deployOn(chainId: number, options: Partial<DeployMarketOptions>) {
    const other = await startLocalChain({ chainId });
    const endpoint = new JsonRpcProvider(other.url, chainId, { cacheTimeout: -1 });
    try {
      return await deployMarket(account.connect(endpoint), { bytecodeOf, thawPeriod: 1, ...options });
    } finally {
      endpoint.destroy();
      await other.stop();
    }
  }

  it("defaults to 1 confirmation on local chains and to 12 elsewhere", () => {
    expect([1_337n, 31_337n, 1n, 8_453n].map(confirmationsOf)).to.deep.equal([1, 1, 12, 12]);
  });

  it("uses an existing wrapped coin", async () => {
    const deployment = await deployMarket(account.connect(provider), {
      bytecodeOf,
      thawPeriod: 1,
      wrappedNative: ZeroAddress,
    });
    expect(deployment).to.include({ network: "local", wrappedNative: ZeroAddress });
  });
});
