import { mkdir } from "node:fs/promises";
import { join } from "node:path";

import { expect } from "chai";
import { parseEther, Wallet } from "ethers";

import { contractInterfaces } from "@commonweight/sdk/chain/contracts";
import { openEvmChain } from "../../trainer/chain/evm.ts";
import { senderPlace } from "../../trainer/chain/sender-place.ts";
import { serveSender } from "../../trainer/chain/sender-socket.ts";
import { journalPath } from "../../trainer/journal/journal-path.ts";
import type { Journal } from "../../trainer/journal/port.ts";
import { openJournal } from "../../trainer/journal/sqlite.ts";
import { silentLog } from "../../trainer/log.ts";
import { openCommandLine, type CommandLine } from "../helpers/command-line.ts";

describe("commonweight: stake, thaw, status, withdraw, faucet", function () {
  this.timeout(60_000);
  let cli: CommandLine;
  before(async () => {
    cli = await openCommandLine();
  });
  after(() => cli.close());

  it("stakes wrapped coins, thaws them, and takes them out to the unit", async () => {
    const account = cli.wallet(1).address;
    const { registry, wrappedNative } = cli.contracts;

    const staked = await cli.json("stake", "1.5", ...cli.as(1));
    expect(staked).to.include({ account, staked: parseEther("1.5").toString() });
    expect(await registry.freeStake(wrappedNative, account)).to.equal(parseEther("1.5"));

    const thawed = await cli.json("thaw", "all", ...cli.as(1));
    expect(thawed.thawed).to.equal(parseEther("1.5").toString());
    expect(await registry.freeStake(wrappedNative, account)).to.equal(0n);

    const taken = await cli.json("withdraw", ...cli.as(1));
    expect(taken.withdrawn).to.deep.equal([
      { contract: "registry", token: await wrappedNative.getAddress(), amount: parseEther("1.5").toString() },
    ]);
    expect(await wrappedNative.balanceOf(account)).to.equal(parseEther("1.5"));

    const again = await cli.run("withdraw", ...cli.as(1));
    expect(again.status).to.equal(0);
    expect(again.out).to.contain("there is nothing to withdraw");

    const unwrapped = await cli.json("withdraw", "--unwrap", ...cli.as(1));
    expect(unwrapped.unwrapped).to.equal(parseEther("1.5").toString());
    expect(await wrappedNative.balanceOf(account)).to.equal(0n);
  });

  it("pays out to another account", async () => {
    const receiver = "0x00000000000000000000000000000000000000AA";
    await cli.json("stake", "1", ...cli.as(2));
    await cli.json("thaw", "0.25", ...cli.as(2));
    await cli.json("withdraw", "--to", receiver, ...cli.as(2));
    expect(await cli.contracts.wrappedNative.balanceOf(receiver)).to.equal(parseEther("0.25"));
  });

  /** Opens the journal of an account as its worker would. */
  async function journalOf(
    account: string,
    dataDir = join(cli.folder, "data"),
  ): Promise<{ readonly folder: string; readonly journal: Journal }> {
    const { chainId, market, block } = cli.deployment;
    const folder = join(dataDir, account.toLowerCase());
    await mkdir(folder, { recursive: true });
    const { hash } = (await cli.provider.getBlock(block)) ?? {};
    if (hash === undefined || hash === null) throw new Error("the deployment's block is missing");
    const subject = { chainId, contract: market, deploymentBlock: hash, account };
    return { folder, journal: openJournal(journalPath(folder, subject)) };
  }

  it("shows an account without key and journal, while its worker runs", async () => {
    const account = cli.wallet(2).address;
    const { journal: worker } = await journalOf(account);
    try {
      const status = await cli.json("status", ...cli.as(2));
      expect(status).to.include({ account });
      expect(await cli.json("status", "--account", account)).to.include({ account });
      const refused = await cli.run("stake", "1", ...cli.as(2));
      expect(refused.err).to.contain("JOURNAL_LOCKED");
    } finally {
      worker.close();
    }
  });

  it("sends through a running worker of the same key, however long its folder's path", async () => {
    const wallet = new Wallet(cli.wallet(3).privateKey);
    const { chainId } = cli.deployment;
    const dataDir = join(cli.folder, "long".repeat(30));
    const self = [...cli.as(3), "--data-dir", dataDir];
    const { folder, journal } = await journalOf(wallet.address, dataDir);
    const rpcUrls = [cli.chain.url];
    const options = { rpcUrls, wallet, pollMs: 50, journal, interfaces: contractInterfaces, log: silentLog };
    const worker = await openEvmChain(options);
    const close = await serveSender(worker, senderPlace(folder, chainId), silentLog);
    try {
      const before = await cli.provider.getTransactionCount(wallet.address);
      expect(await cli.json("stake", "1.5", ...self)).to.include({ freeStake: parseEther("1.5").toString() });
      expect(await cli.json("thaw", "0.5", ...self)).to.include({ thawed: parseEther("0.5").toString() });
      expect((await cli.json("withdraw", ...self)).withdrawn).to.have.lengthOf(1);
      const cancelled = await cli.run("job", "cancel", "1", ...self);
      expect(cancelled.err).to.contain("JOB_UNKNOWN");
      expect(await cli.provider.getTransactionCount(wallet.address)).to.be.greaterThan(before + 3);
    } finally {
      await close();
      worker.close();
      journal.close();
    }
  });

  it("gives test coins on a local chain", async () => {
    const account = "0x00000000000000000000000000000000000000bb";
    const { balance } = await cli.json("faucet", "--amount", "2.5", "--account", account);
    expect(balance).to.equal(parseEther("2.5").toString());
    expect(await cli.provider.getBalance(account)).to.equal(parseEther("2.5"));
  });

  it("makes a key that its commands take", async () => {
    const password = await cli.file("password", "correct horse battery staple\n");
    const key = ["--keystore", join(cli.folder, "new-key.json"), "--password-file", password];
    const { account } = await cli.json("init", ...key);
    expect(await cli.json("status", ...key)).to.include({ account, coins: "0" });
  });
});
