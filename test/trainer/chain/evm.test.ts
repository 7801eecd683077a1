import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { expect } from "chai";
import { HDNodeWallet, Interface, JsonRpcProvider, Mnemonic, Wallet, getCreateAddress, keccak256 } from "ethers";

import { LOCAL_CHAIN_MNEMONIC, type LocalChain } from "../../../trainer/local-chain/local-chain.ts";
import { CommonweightError } from "@commonweight/sdk/errors";
import { openEvmChain, type EvmChainOptions } from "../../../trainer/chain/evm.ts";
import type { Chain, Outcome } from "../../../trainer/chain/port.ts";
import { startChaosProxy, type Chaos, type ChaosProxy, type ProxiedRequest } from "../../helpers/chaos-proxy.ts";
import { fileJournal } from "../../helpers/file-journal.ts";
import { startHardhatNode } from "../../helpers/hardhat-node.ts";
import { MemoryJournal } from "../../helpers/memory-journal.ts";
import { silentLog } from "../../../trainer/log.ts";

/**
 * Reverts with its own input if slot 0 is set; otherwise an empty input sets slot 0, and anything else does nothing.
 * Written by hand, so that these tests need no compiled contract.
 */
const TRIPWIRE = "0x601e600c600039601e6000f3" + "600054600c573615601757005b366000600037366000fd5b600160005500";
const errors = new Interface(["error Market_WrongPhase(uint256 jobId, uint8 phase)"]);
const wrongPhase = errors.encodeErrorResult("Market_WrongPhase", [7n, 2]);

const signal = new AbortController().signal;

describe("openEvmChain", function () {
  this.timeout(30_000);
  let node: LocalChain;
  let provider: JsonRpcProvider;
  let proxy: ChaosProxy;
  let second: ChaosProxy;
  let chain: Chain | undefined;
  let accounts = 0;

  before(async () => {
    node = await startHardhatNode();
    provider = new JsonRpcProvider(node.url, undefined, { cacheTimeout: -1 });
  });
  beforeEach(async () => {
    [proxy, second] = await Promise.all([startChaosProxy(node.url), startChaosProxy(node.url)]);
  });
  afterEach(async () => {
    chain?.close();
    chain = undefined;
    await Promise.all([proxy.stop(), second.stop()]);
  });
  after(async () => {
    provider.destroy();
    await node.stop();
  });

  /** Key of a new account for each test. */
  function nextKey(): string {
    const path = `m/44'/60'/0'/0/${++accounts}`;
    return HDNodeWallet.fromMnemonic(Mnemonic.fromPhrase(LOCAL_CHAIN_MNEMONIC), path).privateKey;
  }
  async function open(options: Partial<EvmChainOptions> = {}): Promise<Chain> {
    chain = await openEvmChain({
      rpcUrls: [proxy.url],
      wallet: new Wallet(nextKey()),
      pollMs: 20,
      journal: new MemoryJournal(),
      interfaces: [errors],
      log: silentLog,
      ...options,
    });
    return chain;
  }
  /** A payment of one wei, so that the receiver's balance counts inclusions. */
  function payment() {
    const to = Wallet.createRandom().address;
    const call = { label: "pay", to, data: "0x", value: 1n };
    return { call, inclusions: async () => Number(await provider.getBalance(to)) };
  }
  async function tripwire(): Promise<string> {
    const { address } = await deploy(provider, TRIPWIRE);
    return address;
  }

  describe("opening", () => {
    it("refuses when nothing listens, and shows no credentials", async () => {
      await second.stop();
      const error = await failure(open({ rpcUrls: [second.url.replace("//", "//user:secret@") + "/key"] }));
      expect(error.code).to.equal("CHAIN_UNREACHABLE");
      expect(error.message).to.contain(second.url).and.not.contain("secret").and.not.contain("/key");
    });
    it("refuses an endpoint of another chain", async () => {
      expect((await failure(open({ expectedChainId: 1n }))).code).to.equal("CHAIN_WRONG_ID");
    });
    it("refuses an invalid address", async () => {
      expect((await failure(open({ rpcUrls: ["no url"] }))).code).to.equal("CHAIN_URL_INVALID");
    });
    it("refuses a journal entry that is not a transaction", async () => {
      const wallet = new Wallet(nextKey());
      const journal = new MemoryJournal();
      journal.record(`chain/31337/${wallet.address.toLowerCase()}/pending`, { nonce: "one" });
      expect((await failure(open({ wallet, journal }))).code).to.equal("JOURNAL_CORRUPT");
    });
    it("gives chain id, account and head", async () => {
      const opened = await open();
      expect(opened.chainId).to.equal(31_337n);
      const head = await opened.head(signal);
      expect(head.timestamp).to.equal((await provider.getBlock(head.number))?.timestamp);
    });
    it("reads contracts through the same endpoints", async () => {
      const opened = await open({ rpcUrls: [second.url, proxy.url] });
      second.chaos = () => ({ kind: "status", status: 503 });
      expect(await opened.runner.provider?.getBalance(opened.account)).to.be.greaterThan(0n);
    });
  });

  describe("send", () => {
    it("refuses what the contract refuses, with its custom error, and sends nothing", async () => {
      const to = await tripwire();
      const opened = await open();
      await opened.send({ label: "trip", to, data: "0x" }, signal);
      const outcome = await opened.send({ label: "commit", to, data: wrongPhase }, signal);
      expect(outcome).to.deep.equal({ kind: "refused", error: "Market_WrongPhase", args: [7n, 2n] });
      expect(await provider.getTransactionCount(opened.account)).to.equal(1);
    });
    it("reports the revert reason of a call that was included but reverted", async () => {
      const to = await tripwire();
      const other = await provider.getSigner(0);
      const trip = async () => void (await other.sendTransaction({ to, data: "0x" }));
      const opened = await open();
      proxy.chaos = on("eth_sendRawTransaction", () => ({ kind: "forward", before: trip }));
      const outcome = await opened.send({ label: "commit", to, data: wrongPhase }, signal);
      expect(outcome).to.deep.equal({ kind: "refused", error: "Market_WrongPhase", args: [7n, 2n] });
      expect(await provider.getTransactionCount(opened.account)).to.equal(1);
    });
    it("refuses when the account cannot pay, and signs nothing", async () => {
      const journal = new MemoryJournal();
      const opened = await open({ wallet: Wallet.createRandom(), journal });
      expect((await failure(opened.send(payment().call, signal))).code).to.equal("CHAIN_FUNDS");
      expect(journal.keys("")).to.deep.equal([]);
      expect(proxy.seen).not.to.include("eth_sendRawTransaction");
    });
    it("reports that funds ran out between estimate and inclusion, and goes on once they are there", async () => {
      const { call, inclusions } = payment();
      const opened = await open();
      proxy.chaos = on("eth_sendRawTransaction", () => ({ kind: "refuse", message: "insufficient funds for gas" }));
      expect((await failure(opened.send(call, signal))).code).to.equal("CHAIN_FUNDS");
      proxy.chaos = always;
      expect((await opened.send(call, signal)).kind).to.equal("included");
      expect(await inclusions()).to.equal(1);
    });
    it("stops waiting when the signal aborts", async () => {
      const { call } = payment();
      const opened = await open();
      const ending = new AbortController();
      proxy.chaos = on("eth_getTransactionReceipt", () => ({ kind: "answer", result: null }));
      setTimeout(() => ending.abort(), 200);
      const error = await opened.send(call, ending.signal).then(
        () => undefined,
        (reason: unknown) => reason,
      );
      expect(error).to.be.instanceOf(Error).with.property("name", "AbortError");
    });
    it("includes concurrent calls in order, each once", async () => {
      const payments = Array.from({ length: 12 }, payment);
      const opened = await open();
      const outcomes = await Promise.all(payments.map(({ call }) => opened.send(call, signal)));
      const blocks = outcomes.map(blockOf);
      expect(blocks).to.deep.equal(blocks.toSorted((a, b) => a - b));
      expect(await Promise.all(payments.map(({ inclusions }) => inclusions()))).to.deep.equal(Array(12).fill(1));
    });
    it("waits for no interval on an automining node: the fastest of 15 takes less than 60 ms", async () => {
      const opened = await open({ rpcUrls: [node.url] });
      const times: number[] = [];
      for (let i = 0; i < 15; i++) {
        const start = performance.now();
        await opened.send(payment().call, signal);
        times.push(performance.now() - start);
      }
      expect(Math.min(...times)).to.be.lessThan(60);
    });
    it("waits until an inclusion is deep enough", async () => {
      const opened = await open({ confirmations: 3 });
      const block = blockOf(await opened.send(payment().call, signal));
      expect((await opened.head(signal)).number).to.be.at.least(block + 2);
    });
    it("raises the fee of a transaction that is not included", async () => {
      const { call, inclusions } = payment();
      const opened = await open({ replaceAfterSeconds: 1 });
      const swallowed: string[] = [];
      proxy.chaos = (request) => {
        const [first] = request.params;
        if (request.method === "eth_sendRawTransaction" && swallowed.length === 0) {
          swallowed.push(keccak256(String(first)));
          return { kind: "answer", result: swallowed[0] };
        }
        const waits = request.method === "eth_getTransactionByHash" && first === swallowed[0];
        return waits ? { kind: "answer", result: { hash: first } } : { kind: "forward" };
      };
      const outcome = await opened.send(call, signal);
      expect(outcome.kind).to.equal("included");
      expect(outcome).to.have.property("hash").that.is.not.equal(swallowed[0]);
      expect(await inclusions()).to.equal(1);
    });
    it("raises the fee at once if a node reports it as underpriced", async () => {
      const { call, inclusions } = payment();
      const opened = await open();
      proxy.chaos = onceOn("eth_sendRawTransaction", {
        kind: "refuse",
        message: "replacement transaction underpriced",
      });
      expect((await opened.send(call, signal)).kind).to.equal("included");
      expect(await inclusions()).to.equal(1);
    });
    it("sends again under the next nonce when another transaction took its own", async () => {
      const { call, inclusions } = payment();
      const wallet = new Wallet(nextKey());
      const opened = await open({ wallet });
      const rival = async () => {
        await new Wallet(wallet.privateKey, provider).sendTransaction({ to: wallet.address, value: 0n, nonce: 0 });
      };
      let rivals = 0;
      proxy.chaos = on("eth_sendRawTransaction", () =>
        rivals++ === 0 ? { kind: "forward", before: rival } : { kind: "forward" },
      );
      expect((await opened.send(call, signal)).kind).to.equal("included");
      expect(await inclusions()).to.equal(1);
      expect(await provider.getTransactionCount(wallet.address)).to.equal(2);
    });
    it("gives up on a transaction that the node finally rejects", async () => {
      const opened = await open();
      proxy.chaos = on("eth_sendRawTransaction", () => ({ kind: "refuse", message: "invalid sender" }));
      expect((await failure(opened.send(payment().call, signal))).code).to.equal("CHAIN_REQUEST_REFUSED");
      proxy.chaos = always;
      expect((await opened.send(payment().call, signal)).kind).to.equal("included");
    });
  });

  describe("trouble on the way", () => {
    const mishaps: Record<string, Chaos> = {
      "drops every third request": everyNth(3, { kind: "drop" }),
      "loses every second answer": everyNth(2, { kind: "lose" }),
      "answers 503 to every second request": everyNth(2, { kind: "status", status: 503 }),
      "answers 429 to every second request": everyNth(2, { kind: "status", status: 429 }),
      "delays everything": () => ({ kind: "forward", delayMs: 40 }),
      "loses the answer to every transaction": firstOf("eth_sendRawTransaction", { kind: "lose" }),
      "takes a transaction and forgets it": firstOf("eth_sendRawTransaction", { kind: "answer", result: "0x" }),
      "calls a nonce too low that is not": firstOf("eth_sendRawTransaction", {
        kind: "refuse",
        message: "nonce too low",
      }),
      "calls a nonce too high that is not": firstOf("eth_sendRawTransaction", {
        kind: "refuse",
        message: "nonce too high",
      }),
      "calls a transaction known that is not": firstOf("eth_sendRawTransaction", {
        kind: "refuse",
        message: "already known",
      }),
      "gives a stale nonce": firstOf("eth_getTransactionCount", { kind: "answer", result: "0x0" }),
    };
    for (const [name, chaos] of Object.entries(mishaps)) {
      it(`includes each intent once through an endpoint that ${name}`, async () => {
        const payments = Array.from({ length: 4 }, payment);
        const opened = await open({ rpcUrls: [proxy.url, second.url] });
        await opened.send(payment().call, signal);
        proxy.chaos = chaos;
        second.chaos = chaos;
        for (const { call } of payments) expect((await opened.send(call, signal)).kind).to.equal("included");
        expect(await Promise.all(payments.map(({ inclusions }) => inclusions()))).to.deep.equal([1, 1, 1, 1]);
      });
    }
    it("goes on to the next endpoint within 5 s when one hangs, and comes back to it", async () => {
      const opened = await open({ rpcUrls: [proxy.url, second.url] });
      proxy.chaos = () => ({ kind: "hang" });
      const start = Date.now();
      await opened.head(signal);
      expect(Date.now() - start).to.be.lessThan(5_000);
      proxy.chaos = always;
      second.chaos = () => ({ kind: "drop" });
      await opened.head(signal);
    });
    it("stops using an endpoint that switched to another chain", async () => {
      const wrong = on("eth_chainId", () => ({ kind: "answer", result: "0x1" }));
      const opened = await open({ rpcUrls: [proxy.url, second.url], patienceMs: 500 });
      second.chaos = wrong;
      proxy.chaos = onceOn("eth_getBlockByNumber", { kind: "drop" });
      expect((await opened.head(signal)).number).to.be.greaterThan(0);
      expect(second.seen).to.deep.equal(["eth_chainId"]);
      const dead = new AbortController();
      proxy.chaos = () => ({ kind: "drop" });
      const error = await failure(opened.head(dead.signal));
      expect(error.code).to.equal("CHAIN_WRONG_ID");
    });
  });

  describe("after a restart", () => {
    let folder: string;
    beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "commonweight-"))));
    afterEach(() => rmSync(folder, { recursive: true }));

    it("includes once what was journalled and never sent", async () => {
      const { call, inclusions } = payment();
      const key = nextKey();
      const path = join(folder, "journal.json");
      const program = fileURLToPath(new URL("../../helpers/send-and-die.ts", import.meta.url));
      const child = spawn(process.execPath, [program, node.url, key, path, call.to], { stdio: "ignore" });
      const [, cause] = (await once(child, "exit")) as [number | null, string | null];
      expect(cause).to.equal("SIGKILL");
      expect(await inclusions()).to.equal(0);
      const opened = await open({ wallet: new Wallet(key), journal: fileJournal(path) });
      expect((await opened.send(call, signal)).kind).to.equal("included");
      expect(await inclusions()).to.equal(1);
      expect((await opened.send(call, signal)).kind).to.equal("included");
      expect(await inclusions(), "a new intent of the same bytes is sent").to.equal(2);
    });
    it("includes once what was sent and not seen included", async () => {
      const { call, inclusions } = payment();
      const wallet = new Wallet(nextKey());
      const journal = new MemoryJournal();
      const opened = await open({ wallet, journal });
      const ending = new AbortController();
      proxy.chaos = on("eth_getTransactionReceipt", () => ({ kind: "answer", result: null }));
      setTimeout(() => ending.abort(), 200);
      expect(
        await opened.send(call, ending.signal).then(
          () => false,
          () => true,
        ),
      ).to.equal(true);
      proxy.chaos = always;
      opened.close();
      const again = await open({ wallet, journal });
      expect((await again.send(call, signal)).kind).to.equal("included");
      expect(await inclusions()).to.equal(1);
    });
    it("journals no key", async () => {
      const wallet = new Wallet(nextKey());
      const records: string[] = [];
      class WatchedJournal extends MemoryJournal {
        override record(key: string, value: unknown): void {
          records.push(JSON.stringify(value));
          super.record(key, value);
        }
      }
      const journal = new WatchedJournal();
      await (await open({ wallet, journal })).send(payment().call, signal);
      expect(records[0]).to.contain("0x02").and.not.contain(wallet.privateKey.slice(2));
      expect(records.at(-1)).to.equal("null");
    });
  });
});

async function deploy(provider: JsonRpcProvider, data: string): Promise<{ address: string }> {
  const signer = await provider.getSigner(0);
  const sent = await signer.sendTransaction({ data });
  await sent.wait();
  return { address: getCreateAddress({ from: signer.address, nonce: sent.nonce }) };
}

async function failure(promise: Promise<unknown>): Promise<CommonweightError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof CommonweightError) return error;
  throw new Error("expected a CommonweightError", { cause: error });
}

function blockOf(outcome: Outcome): number {
  if (outcome.kind === "included") return outcome.block;
  throw new Error(outcome.kind === "refused" ? `refused: ${outcome.error}` : outcome.kind);
}

const always: Chaos = () => ({ kind: "forward" });

/** Applies a mishap to one method, and forwards the others. */
function on(method: string, mishap: (request: ProxiedRequest) => ReturnType<Chaos>): Chaos {
  return (request) => (request.method === method ? mishap(request) : { kind: "forward" });
}

/** Applies a mishap to the first request of a method only. */
function onceOn(method: string, mishap: ReturnType<Chaos>): Chaos {
  let met = false;
  return on(method, () => {
    const first = !met;
    met = true;
    return first ? mishap : { kind: "forward" };
  });
}

/** Applies a mishap to every second request of a method, starting with the first. */
function firstOf(method: string, mishap: ReturnType<Chaos>): Chaos {
  let count = 0;
  return on(method, () => (count++ % 2 === 0 ? mishap : { kind: "forward" }));
}

function everyNth(n: number, mishap: ReturnType<Chaos>): Chaos {
  let count = 0;
  return () => (++count % n === 0 ? mishap : { kind: "forward" });
}
