import { statSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { createConnection } from "node:net";
import { join } from "node:path";

import { expect } from "chai";
import { ZeroAddress } from "ethers";

import { CommonweightError } from "@commonweight/sdk/errors";
import type { Call, Chain, Outcome } from "../../../trainer/chain/port.ts";
import { sendThroughWorker, serveSender } from "../../../trainer/chain/sender-socket.ts";
import { silentLog } from "../../../trainer/log.ts";
import { temporaryFolders } from "../../helpers/temporary-folders.ts";

const none = () => undefined;
const LOG = silentLog;
const SELF = { chainId: 31_337n, account: ZeroAddress };
const CALL: Call = { label: "withdraw", to: `0x${"11".repeat(20)}`, data: "0x1234", value: 5n };
const DONE: Outcome = { kind: "included", hash: "0xab", block: 7, gasUsed: 21_000n, gasPrice: 10n ** 9n };
const never = new AbortController().signal;

async function codeOf(sending: Promise<unknown>): Promise<string> {
  try {
    await sending;
  } catch (error) {
    if (error instanceof CommonweightError) return error.code;
    throw error;
  }
  return "none";
}

describe("a command beside a worker of the same key", () => {
  const folder = temporaryFolders();
  let path: string;
  let close = (): Promise<void> => Promise.resolve();
  let calls: Call[];
  let reply: () => Promise<Outcome>;
  beforeEach(async () => {
    path = join(folder(), "worker.sock");
    calls = [];
    reply = () => Promise.resolve(DONE);
    const send = (call: Call) => (calls.push(call), reply());
    // Cast: the socket only sends.
    close = await serveSender({ ...SELF, send } as unknown as Chain, { path }, LOG);
  });
  afterEach(() => close());

  it("gets its transaction sent by the worker, with the exact amounts", async () => {
    expect(await sendThroughWorker(path, SELF, CALL, never)).to.deep.equal(DONE);
    expect(calls).to.deep.equal([CALL]);
  });
  it("gets the contract's refusal, and the errors of the worker's chain", async () => {
    reply = () => Promise.resolve({ kind: "refused", error: "Ledger_NothingToWithdraw", args: [1n, "0x2"] });
    expect(await sendThroughWorker(path, SELF, CALL, never)).to.deep.equal({
      kind: "refused",
      error: "Ledger_NothingToWithdraw",
      args: ["1", "0x2"],
    });
    reply = () => Promise.reject(new CommonweightError("CHAIN_FUNDS", "no coins", "Send some."));
    expect(await codeOf(sendThroughWorker(path, SELF, CALL, never))).to.equal("CHAIN_FUNDS");
  });
  it("is refused for another chain or another account, and nothing is sent", async () => {
    const account = `0x${"22".repeat(20)}`;
    expect(await codeOf(sendThroughWorker(path, { ...SELF, chainId: 1n }, CALL, never))).to.equal("SENDER_OTHER_CHAIN");
    expect(await codeOf(sendThroughWorker(path, { ...SELF, account }, CALL, never))).to.equal("SENDER_OTHER_CHAIN");
    expect(calls).to.have.lengthOf(0);
  });
  it("cannot send what is not a call", async () => {
    for (const text of ["{}\n", "junk\n", `${"x".repeat(300_000)}`]) {
      const socket = createConnection(path);
      socket.on("error", none);
      socket.write(text);
      let answer = "";
      for await (const chunk of socket) answer += String(chunk);
      expect(answer).to.contain("SENDER_MESSAGE");
    }
    expect(calls).to.have.lengthOf(0);
  });
  it("is the owner's alone", () => expect(statSync(path).mode & 0o777).to.equal(0o600));
  it("is told that the worker has gone", async () => {
    await close();
    expect(await codeOf(sendThroughWorker(path, SELF, CALL, never))).to.equal("SENDER_GONE");
  });
  it("is not held up by what a killed worker left", async () => {
    await close();
    await writeFile(path, "");
    close = await serveSender({ ...SELF, send: reply } as unknown as Chain, { path }, LOG);
    expect(await sendThroughWorker(path, SELF, CALL, never)).to.deep.equal(DONE);
  });
});
