import { expect } from "chai";
import { HDNodeWallet, JsonRpcProvider, Mnemonic, Wallet, type Provider } from "ethers";

import { LOCAL_CHAIN_MNEMONIC, type LocalChain } from "../../../trainer/local-chain/local-chain.ts";
import { CommonweightError } from "@commonweight/sdk/errors";
import { openEvmChain } from "../../../trainer/chain/evm.ts";
import { openEvmReader } from "../../../trainer/chain/evm-reader.ts";
import type { Chain, ChainReader } from "../../../trainer/chain/port.ts";
import { silentLog, type Log } from "../../../trainer/log.ts";
import { startChaosProxy, type Chaos, type ChaosProxy, type Mishap } from "../../helpers/chaos-proxy.ts";
import { startHardhatNode } from "../../helpers/hardhat-node.ts";
import { MemoryJournal } from "../../helpers/memory-journal.ts";

const signal = new AbortController().signal;
const RATE_LIMIT = "Your app has exceeded its compute units per second capacity.";
const HTML = { kind: "raw", status: 200, body: "<html>login</html>" } as const;

/** A JSON-RPC error. */
function error(code: number, message: string, data?: unknown): Mishap {
  return { kind: "refuse", code, message, data };
}

/** Answers that look definite and say nothing about the chain. */
const PASSING: Readonly<Record<string, Mishap>> = {
  "header not found": error(-32_000, "header not found"),
  "header not found, with the block's hash": error(-32_000, "header not found", `0x${"ab".repeat(32)}`),
  "block not found": error(-32_001, "block not found: 0x10"),
  "Unknown block": error(-32_602, "Unknown block"),
  "missing trie node": error(-32_000, "missing trie node 6b6e (path ) state 0x6b6e is not available, not found"),
  "state not available": error(-32_000, "required historical state not available"),
  "no response": error(-32_000, "no response"),
  "an internal error": error(-32_603, "Internal error"),
  "a timeout": error(-32_002, "request timed out"),
  "limit exceeded": error(-32_005, "limit exceeded", { see: "https://example.org" }),
  "code 429": error(429, RATE_LIMIT),
  "over rate limit": error(-32_016, "over rate limit"),
  "-32029": error(-32_029, "Too Many Requests"),
  "-32097": error(-32_097, "rate limited"),
  "code 15": error(15, "Public endpoint rate limit"),
  "a wrapped 429": error(-32_000, "upstream error: 429 Too Many Requests"),
  "filter not found": error(-32_000, "filter not found"),
  "an unknown method": error(-32_601, "the method does not exist/is not available"),
  "an error that is text": { kind: "change", change: ({ id }) => ({ jsonrpc: "2.0", id, error: "rate limited" }) },
  "a null result": { kind: "answer", result: null },
  "an empty result": { kind: "answer", result: "0x" },
  "no result": { kind: "change", change: ({ id }) => ({ jsonrpc: "2.0", id }) },
  "a number for a result": { kind: "answer", result: 7 },
  "a list": { kind: "change", change: (answer) => [answer] },
  "the answer to another request": { kind: "change", change: (answer) => ({ ...answer, id: 999_999 }) },
  "truncated JSON": { kind: "change", change: (answer) => JSON.stringify(answer).slice(0, -4) },
  "a login page": HTML,
  "HTTP 401": { kind: "raw", status: 401, body: '{"status":401,"title":"Must be authenticated!"}' },
  "HTTP 403": {
    kind: "raw",
    status: 403,
    body: '{"jsonrpc":"2.0","id":1,"error":{"code":-32600,"message":"no access to this network"}}',
  },
  "HTTP 429 with Retry-After": { kind: "raw", status: 429, body: "", headers: { "retry-after": "1" } },
  "HTTP 503": { kind: "status", status: 503 },
};

describe("trouble of endpoints", function () {
  this.timeout(120_000);
  let node: LocalChain;
  let provider: JsonRpcProvider;
  let first: ChaosProxy;
  let second: ChaosProxy;
  let opened: (Chain | ChainReader)[];
  let accounts = 0;
  /** Warnings and infos so far. */
  let lines: { readonly context: object; readonly message: string }[];

  before(async () => {
    node = await startHardhatNode();
    provider = new JsonRpcProvider(node.url, undefined, { cacheTimeout: -1 });
  });
  beforeEach(async () => {
    [first, second] = await Promise.all([startChaosProxy(node.url), startChaosProxy(node.url)]);
    opened = [];
    lines = [];
  });
  afterEach(async () => {
    for (const one of opened) one.close();
    await Promise.all([first.stop(), second.stop()]);
  });
  after(async () => {
    provider.destroy();
    await node.stop();
  });

  const log: Log = {
    ...silentLog,
    warn: (context, message) => void lines.push({ context, message }),
  };
  async function open(urls: readonly string[] = [first.url, second.url], patienceMs = 8_000): Promise<Chain> {
    const mnemonic = Mnemonic.fromPhrase(LOCAL_CHAIN_MNEMONIC);
    const { privateKey } = HDNodeWallet.fromMnemonic(mnemonic, `m/44'/60'/0'/0/${1 + (accounts++ % FUNDED)}`);
    const chain = await openEvmChain({
      ...{ rpcUrls: urls, patienceMs, wallet: new Wallet(privateKey), journal: new MemoryJournal() },
      ...{ pollMs: 20, interfaces: [], log },
    });
    opened.push(chain);
    return chain;
  }
  function payment() {
    const to = Wallet.createRandom().address;
    const call = { label: "pay", to, data: "0x", value: 1n };
    return { call, inclusions: async () => Number(await provider.getBalance(to)) };
  }
  const messages = () => lines.map(({ message }) => message);

  describe("on reads", () => {
    for (const [name, mishap] of Object.entries(PASSING)) {
      it(`asks the next endpoint after ${name}`, async () => {
        const runner = providerOf(await open());
        first.chaos = () => mishap;
        const start = Date.now();
        expect(await runner.call({ to: ECHO, data: "0x1234" })).to.equal("0x1234");
        expect(Date.now() - start).to.be.lessThan(5_000);
        expect(second.seen).to.include("eth_call");
      });
      it(`waits for the only endpoint to get over ${name}`, async () => {
        const runner = providerOf(await open([first.url]));
        first.chaos = timesOn("eth_call", 2, mishap);
        expect(await runner.call({ to: ECHO, data: "0x1234" })).to.equal("0x1234");
      });
    }
    for (const result of [null, "", "0x", "abc", 31_337]) {
      it(`names the endpoint and the method where the chain id is ${JSON.stringify(result)}`, async () => {
        first.chaos = on("eth_chainId", { kind: "answer", result });
        const failed = await failure(open([first.url]));
        expect(failed.code).to.equal("CHAIN_ANSWER_MALFORMED");
        expect(failed.message).to.contain(first.url).and.contain("eth_chainId");
      });
    }
    it("believes the only endpoint that there is no code", async () => {
      const runner = providerOf(await open([first.url]));
      expect(await runner.getCode(Wallet.createRandom().address)).to.equal("0x");
    });
    it("takes a revert as the chain's answer, and asks nobody else", async () => {
      const runner = providerOf(await open());
      for (const mishap of [
        error(3, "execution reverted: order not found", "0x08c379a0"),
        error(-32_000, "execution reverted"),
        error(-32_603, "Internal JSON-RPC error.", { data: "0x4e487b710000" }),
        error(-32_015, "VM execution error.", "Reverted 0x08c379a0"),
      ]) {
        first.chaos = on("eth_call", mishap);
        const refused: unknown = await runner.call({ to: ECHO, data: "0x" }).catch((reason: unknown) => reason);
        expect(refused).to.have.property("code", "CALL_EXCEPTION");
      }
      expect(second.seen).to.not.include("eth_call");
    });
    it("reads logs in parts where a node limits their range", async () => {
      const runner = providerOf(await open([first.url]));
      await provider.send("hardhat_mine", ["0x20"]);
      first.chaos = ({ method, params: [filter] }) => {
        const { fromBlock, toBlock } = (filter ?? {}) as { fromBlock: string; toBlock: string };
        if (method !== "eth_getLogs" || Number(toBlock) - Number(fromBlock) < 5) return { kind: "forward" };
        return error(-32_602, "exceed maximum block range: 5");
      };
      expect(await runner.getLogs({ fromBlock: 0, toBlock: 32 })).to.deep.equal([]);
      expect(first.seen.filter((method) => method === "eth_getLogs").length).to.be.within(7, 30);
    });
    it("goes on within 5 s when two of three endpoints hang", async () => {
      const third = await startChaosProxy(node.url);
      try {
        const chain = await open([first.url, second.url, third.url]);
        first.chaos = () => ({ kind: "hang" });
        second.chaos = () => ({ kind: "hang", begins: '{"jsonrpc":"2.0",' });
        const start = Date.now();
        await chain.head(signal);
        expect(Date.now() - start).to.be.lessThan(5_000);
      } finally {
        await third.stop();
      }
    });
    it("leaves an endpoint alone for as long as it asks", async () => {
      const chain = await open([first.url]);
      let refused = 0;
      first.chaos = () => {
        if (refused++ > 0) return { kind: "forward" };
        return { kind: "raw", status: 429, body: "", headers: { "retry-after": "2" } };
      };
      const start = Date.now();
      await chain.head(signal);
      expect(Date.now() - start).to.be.at.least(1_900);
    });
    it("stops at once where every endpoint is of another chain", async () => {
      for (const proxy of [first, second]) proxy.chaos = on("eth_chainId", { kind: "answer", result: "0x1" });
      const start = Date.now();
      const rpcUrls = [first.url, second.url];
      const opening = openEvmReader({ rpcUrls, expectedChainId: 31_337n, pollMs: 20, log });
      expect((await failure(opening)).code).to.equal("CHAIN_WRONG_ID");
      expect(Date.now() - start).to.be.lessThan(1_500);
    });
    it("warns once of a trouble that lasts", async () => {
      const chain = await open([first.url], 4_000);
      first.chaos = () => error(429, RATE_LIMIT);
      expect((await failure(chain.head(signal))).code).to.equal("CHAIN_REQUEST_REFUSED");
      expect(messages().filter((message) => message === "endpoint failed").length).to.be.at.most(2);
    });
  });

  describe("on the newest block", () => {
    it("leaves an endpoint whose newest block is older than one seen before", async () => {
      const chain = await open();
      const { number } = await chain.head(signal);
      first.chaos = on("eth_getBlockByNumber", older);
      expect((await chain.head(signal)).number).to.be.at.least(number);
      expect(second.seen).to.include("eth_getBlockByNumber");
    });
    it("follows the chain back where every endpoint does", async () => {
      const chain = await open();
      const before: unknown = await provider.send("evm_snapshot", []);
      await provider.send("hardhat_mine", ["0x100"]);
      const { number } = await chain.head(signal);
      await provider.send("evm_revert", [before]);
      expect((await chain.head(signal)).number).to.be.lessThan(number);
    });
    it("leaves an endpoint that stands still within 5 s", async () => {
      const chain = await open();
      await chain.head(signal);
      const frozen = await provider.send("eth_getBlockByNumber", ["latest", false]);
      first.chaos = on("eth_getBlockByNumber", { kind: "answer", result: frozen });
      const start = Date.now();
      const { number } = await chain.head(signal);
      while ((await chain.head(signal)).number === number) await chain.untilNextBlock(signal);
      expect(Date.now() - start).to.be.lessThan(5_000);
    });
  });

  describe("on transactions", () => {
    for (const message of [
      "txpool is full",
      "pool is full",
      "transaction pool limit",
      "in-flight transaction limit reached for delegated accounts",
      "Internal error",
    ]) {
      it(`offers a transaction again after "${message}"`, async () => {
        const { call, inclusions } = payment();
        const chain = await open([first.url]);
        const [code, times] = [message === "Internal error" ? -32_603 : -32_000, message === "txpool is full" ? 8 : 3];
        first.chaos = timesOn("eth_sendRawTransaction", times, error(code, message));
        let outcome = await chain.send(call, signal);
        while (outcome.kind === "delayed") outcome = await chain.send(call, signal);
        expect(outcome.kind).to.equal("included");
        expect(await inclusions()).to.equal(1);
      });
      it(`offers a transaction to the next endpoint after "${message}"`, async () => {
        const { call, inclusions } = payment();
        const chain = await open();
        first.chaos = on("eth_sendRawTransaction", error(-32_000, message));
        expect((await chain.send(call, signal)).kind).to.equal("included");
        expect(await inclusions()).to.equal(1);
      });
    }
    it("gives the nonce of a call that no node takes to the call that is decided instead", async () => {
      const [call, instead] = [payment(), payment()];
      const chain = await open([first.url]);
      first.chaos = on("eth_sendRawTransaction", error(-32_000, "txpool is full"));
      expect(await chain.send(call.call, signal)).to.deep.equal({ kind: "delayed" });
      first.chaos = () => ({ kind: "forward" });
      expect((await chain.send(instead.call, signal)).kind).to.equal("included");
      expect([await call.inclusions(), await instead.inclusions()]).to.deep.equal([0, 1]);
      expect(messages().filter((message) => message.startsWith("no node takes")).length).to.equal(1);
    });
    for (const message of ["could not replace existing tx", "ReplacementNotAllowed", "replacement fee too low"]) {
      it(`raises the fee after "${message}"`, async () => {
        const { call, inclusions } = payment();
        const chain = await open([first.url]);
        first.chaos = timesOn("eth_sendRawTransaction", 1, error(-32_000, message));
        expect((await chain.send(call, signal)).kind).to.equal("included");
        expect(await inclusions()).to.equal(1);
      });
    }
    for (const message of ["already known", "INTERNAL_ERROR: existing tx with same hash", "nonce too low"]) {
      it(`finds the transaction included after "${message}"`, async () => {
        const { call, inclusions } = payment();
        const chain = await open([first.url]);
        const change: Mishap = {
          kind: "change",
          change: ({ id }) => ({ jsonrpc: "2.0", id, error: { code: -32_000, message } }),
        };
        first.chaos = on("eth_sendRawTransaction", change);
        expect((await chain.send(call, signal)).kind).to.equal("included");
        expect(await inclusions()).to.equal(1);
      });
    }
    const troubles: Readonly<Record<string, Chaos>> = {
      "has no pending block": pendingOn(error(-32_602, "pending block is not available")),
      "gives no number of pending transactions": timesOn("eth_getTransactionCount", 1, {
        kind: "answer",
        result: null,
      }),
      "gives no estimate": timesOn("eth_estimateGas", 1, { kind: "answer", result: null }),
      "gives a number for an estimate": timesOn("eth_estimateGas", 1, { kind: "answer", result: 21_000 }),
      "suggests no priority fee": on("eth_maxPriorityFeePerGas", error(-32_601, "method not found")),
      "gives receipts without a price": on("eth_getTransactionReceipt", without("effectiveGasPrice")),
      "gives a receipt without a status": timesOn("eth_getTransactionReceipt", 1, without("status")),
      "answers without its number": () => ({ kind: "change", change: (answer) => ({ ...answer, id: null }) }),
      "adds an empty error": () => ({ kind: "change", change: (answer) => ({ error: null, ...answer }) }),
    };
    for (const [name, chaos] of Object.entries(troubles)) {
      it(`includes a call once through an endpoint that ${name}`, async () => {
        const { call, inclusions } = payment();
        const chain = await open([first.url]);
        first.chaos = chaos;
        const outcome = await chain.send(call, signal);
        expect(outcome.kind).to.equal("included");
        expect(outcome).to.have.property("gasPrice").that.is.greaterThan(0n);
        expect(await inclusions()).to.equal(1);
      });
    }
  });

  describe("on addresses", () => {
    const written: Readonly<Record<string, string>> = {
      "localhost:8545": "Write http://localhost:8545",
      "127.0.0.1:8545": "Write http://127.0.0.1:8545",
      "[::1]:8545": "Write http://[::1]:8545",
      "ws://127.0.0.1:8545": "ws and ipc are not supported",
      "ipc:///tmp/geth.ipc": "ws and ipc are not supported",
      "": "Give a URL",
    };
    for (const [url, hint] of Object.entries(written)) {
      it(`says how to write "${url}"`, async () => {
        const failed = await failure(open([url]));
        expect(failed.code).to.equal("CHAIN_URL_INVALID");
        expect(failed.hint).to.contain(hint);
      });
    }
    it("shows no credentials", async () => {
      const { message, hint } = await failure(open(["user:secret@localhost:8545/key"]));
      expect(message + hint)
        .to.not.contain("secret")
        .and.not.contain("key");
    });
    it("waits for a redirect to pass once an endpoint has answered", async () => {
      const chain = await open([first.url]);
      await chain.head(signal);
      const portal: Mishap = { kind: "raw", status: 302, body: "", headers: { location: "https://example.org" } };
      first.chaos = timesOn("eth_getBlockByNumber", 2, portal);
      expect((await chain.head(signal)).number).to.be.at.least(0);
    });
    it("names a redirect, which would turn POST into GET", async () => {
      first.chaos = () => ({ kind: "raw", status: 301, body: "", headers: { location: "https://example.org/key" } });
      const failed = await failure(open([first.url]));
      expect(failed.code).to.equal("CHAIN_URL_INVALID");
      expect(failed.message).to.contain("https://example.org").and.not.contain("key");
    });
  });
});

/** The node's accounts with coins, but for the first. */
const FUNDED = 38;
/** The precompile that returns its input. */
const ECHO = "0x0000000000000000000000000000000000000004";

/** An old block, for the newest. */
const older: Mishap = {
  kind: "change",
  change: (answer) => ({ ...answer, result: { ...(answer["result"] as object), number: "0x0" } }),
};

/** The node's answer without a field of its result. */
function without(field: string): Mishap {
  const change = (answer: Readonly<Record<string, unknown>>) => {
    const result = answer["result"] as Record<string, unknown> | null;
    return { ...answer, result: result && { ...result, [field]: undefined } };
  };
  return { kind: "change", change };
}

function on(method: string, mishap: Mishap): Chaos {
  return (request) => (request.method === method ? mishap : { kind: "forward" });
}

function pendingOn(mishap: Mishap): Chaos {
  return ({ method, params }) =>
    method === "eth_getTransactionCount" && params[1] === "pending" ? mishap : { kind: "forward" };
}

/** Applies a mishap to the first `times` requests of a method. */
function timesOn(method: string, times: number, mishap: Mishap): Chaos {
  let met = 0;
  return (request) => (request.method === method && met++ < times ? mishap : { kind: "forward" });
}

function providerOf({ runner }: Chain): Provider {
  if (runner.provider === null || runner.provider === undefined) throw new Error("the chain has no provider");
  return runner.provider;
}

async function failure(promise: Promise<unknown>): Promise<CommonweightError> {
  const reason: unknown = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (reason instanceof CommonweightError) return reason;
  throw new Error("expected a CommonweightError", { cause: reason });
}
