import { expect } from "chai";
import { Wallet } from "ethers";

import { PendingSlot } from "../../../trainer/chain/transaction/pending-transaction.ts";
import { TransactionSender, type SenderModules } from "../../../trainer/chain/transaction-sender.ts";
import { silentLog } from "../../../trainer/log.ts";
import { MemoryJournal } from "../../helpers/memory-journal.ts";

const wallet = Wallet.createRandom();
const signal = new AbortController().signal;

/** A sender on a chain that includes every transaction at once; `steal` uses a nonce by another program. */
function account() {
  let used = 5;
  const warned: unknown[] = [];
  const receipt = { hash: "0x", block: 1, succeeded: true, gasUsed: 21_000n, gasPrice: 1n };
  const rpc = {
    estimateGas: () => Promise.resolve({ kind: "result", value: "0x5208" }),
    latestBlock: () => Promise.resolve({ number: 1, hash: "0x1", timestamp: 1, baseFee: 1n }),
    suggestedTip: () => Promise.resolve(1n),
    transactionCount: () => Promise.resolve(used),
    balance: () => Promise.resolve(10n ** 18n),
    broadcast: () => Promise.resolve((used++, { kind: "result", value: "0x" })),
    receipt: () => Promise.resolve(receipt),
    sawBlock: () => undefined,
  };
  const log = { ...silentLog, warn: (context: object) => void warned.push("code" in context && context.code) };
  const slot = new PendingSlot(new MemoryJournal(), 1n, wallet.address);
  // Cast: a chain with the requests of a transaction that is included at once.
  const modules: SenderModules = {
    rpc: rpc as unknown as SenderModules["rpc"],
    signer: wallet,
    slot,
    interfaces: [],
    log,
  };
  const sender = new TransactionSender(modules, {
    ...{ chainId: 1n, account: wallet.address, pollMs: 1, maxFeePerGas: 10n ** 9n },
    ...{ confirmations: 1, replaceAfterSeconds: 30 },
  });
  const send = () => sender.send({ label: "pay", to: wallet.address, data: "0x" }, signal);
  return { send, steal: () => void used++, warned };
}

describe("an account that another program uses as well", () => {
  it("is told once for each time, and the worker goes on", async () => {
    const { send, steal, warned } = account();
    await send();
    await send();
    expect(warned).to.deep.equal([]);
    steal();
    expect((await send()).kind).to.equal("included");
    expect(warned).to.deep.equal(["CHAIN_ACCOUNT_SHARED"]);
    await send();
    expect(warned).to.have.lengthOf(1);
  });
});
