import { expect } from "chai";
import { HDNodeWallet, JsonRpcProvider, Mnemonic, Wallet } from "ethers";

import { LOCAL_CHAIN_MNEMONIC, type LocalChain } from "../../../trainer/local-chain/local-chain.ts";
import { openEvmChain } from "../../../trainer/chain/evm.ts";
import type { Chain } from "../../../trainer/chain/port.ts";
import { silentLog } from "../../../trainer/log.ts";
import { startHardhatNode } from "../../helpers/hardhat-node.ts";
import { MemoryJournal } from "../../helpers/memory-journal.ts";

const CONFIRMATIONS = 4;
const signal = new AbortController().signal;

// The node forgets the transactions of the blocks that it takes back: nothing brings them back but their sender.
describe("a reorganisation while a transaction gets deep", function () {
  this.timeout(30_000);
  let node: LocalChain;
  let provider: JsonRpcProvider;
  let chain: Chain;
  let accounts = 0;

  before(async () => {
    node = await startHardhatNode();
    provider = new JsonRpcProvider(node.url, undefined, { cacheTimeout: -1 });
  });
  beforeEach(async () => (chain = await open(CONFIRMATIONS)));
  afterEach(() => chain.close());
  after(async () => {
    provider.destroy();
    await node.stop();
  });

  async function open(confirmations: number): Promise<Chain> {
    const mnemonic = Mnemonic.fromPhrase(LOCAL_CHAIN_MNEMONIC);
    const { privateKey } = HDNodeWallet.fromMnemonic(mnemonic, `m/44'/60'/0'/0/${++accounts}`);
    return openEvmChain({
      rpcUrls: [node.url],
      ...{ wallet: new Wallet(privateKey), journal: new MemoryJournal() },
      ...{ pollMs: 20, confirmations, interfaces: [], log: silentLog },
    });
  }
  /** A call whose inclusions can be counted: every inclusion leaves one wei. */
  function payment() {
    const to = Wallet.createRandom().address;
    const call = { label: "pay", to, data: "0x", value: 1n };
    return { call, inclusions: async () => Number(await provider.getBalance(to)) };
  }
  /** Sends a payment, and takes its block away once it is included. */
  async function orphan({ call, inclusions }: ReturnType<typeof payment>) {
    const before: unknown = await provider.send("evm_snapshot", []);
    const outcome = chain.send(call, signal);
    while ((await inclusions()) === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    // Long enough for the sender to see the receipt, too short for the transaction to be deep.
    await new Promise((resolve) => setTimeout(resolve, 300));
    await provider.send("evm_revert", [before]);
    return outcome;
  }

  it("tells the sender to look again, and offers nothing before that", async () => {
    const first = payment();
    expect(await orphan(first)).to.deep.equal({ kind: "orphaned" });
    await provider.send("evm_mine", []);
    expect(await first.inclusions()).to.equal(0);
  });

  it("includes the same call once where it is decided again", async () => {
    const first = payment();
    await orphan(first);
    expect((await chain.send(first.call, signal)).kind).to.equal("included");
    expect(await first.inclusions()).to.equal(1);
    expect(await provider.getTransactionCount(chain.account)).to.equal(1);
  });

  it("gives its nonce to the call that is decided instead, so that one of the two is included", async () => {
    const [first, second] = [payment(), payment()];
    await orphan(first);
    expect((await chain.send(second.call, signal)).kind).to.equal("included");
    expect([await first.inclusions(), await second.inclusions()]).to.deep.equal([0, 1]);
    expect(await provider.getTransactionCount(chain.account)).to.equal(1);
  });

  it("goes on with the next nonce afterwards", async () => {
    const [first, second] = [payment(), payment()];
    await orphan(first);
    await chain.send(first.call, signal);
    expect((await chain.send(second.call, signal)).kind).to.equal("included");
    expect([await first.inclusions(), await second.inclusions()]).to.deep.equal([1, 1]);
  });

  it("is not noticed by who asks for one confirmation", async () => {
    chain.close();
    chain = await open(1);
    expect(await orphan(payment())).to.have.property("kind", "included");
  });

  it("brings back what was deep enough, where the next transaction waits for its nonce", async () => {
    chain.close();
    chain = await open(1);
    const [first, second] = [payment(), payment()];
    const before: unknown = await provider.send("evm_snapshot", []);
    expect((await chain.send(first.call, signal)).kind).to.equal("included");
    await provider.send("evm_setAutomine", [false]);
    const outcome = chain.send(second.call, signal);
    const waits = async () => (await provider.getTransactionCount(chain.account, "pending")) === 2;
    while (!(await waits())) await new Promise((resolve) => setTimeout(resolve, 10));
    await provider.send("evm_revert", [before]);
    await provider.send("evm_setAutomine", [true]);
    expect((await outcome).kind).to.equal("included");
    expect([await first.inclusions(), await second.inclusions()]).to.deep.equal([1, 1]);
    expect(await provider.getTransactionCount(chain.account)).to.equal(2);
  });
});
