import { chmodSync, chownSync, existsSync, mkdirSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { expect } from "chai";
import { ZeroAddress } from "ethers";

import type { Call, Chain, Outcome } from "../../../trainer/chain/port.ts";
import { hasSender, prepareSenderPlace, senderPlace, type SenderPlace } from "../../../trainer/chain/sender-place.ts";
import { sendThroughWorker, serveSender } from "../../../trainer/chain/sender-socket.ts";
import { silentLog } from "../../../trainer/log.ts";
import { temporaryFolders } from "../../helpers/temporary-folders.ts";

const SELF = { chainId: 31_337n, account: ZeroAddress };
const STRANGER = 65_534;
const CALL: Call = { label: "withdraw", to: ZeroAddress, data: "0x" };
const DONE: Outcome = { kind: "included", hash: "0xab", block: 7, gasUsed: 21_000n, gasPrice: 1n };
// Cast: the socket only sends.
const CHAIN = { ...SELF, send: () => Promise.resolve(DONE) } as unknown as Chain;

describe("the place of a worker's socket", () => {
  const temporary = temporaryFolders();
  let folder: string;
  let place: SenderPlace;
  let own: string;
  beforeEach(() => {
    folder = join(temporary(), "long".repeat(30));
    mkdirSync(folder);
    place = senderPlace(folder, SELF.chainId);
    own = dirname(place.path);
  });
  afterEach(() => rmSync(own, { recursive: true, force: true }));

  it("is the account's folder where the path is short enough", () => {
    const short = temporary();
    expect(senderPlace(short, 5n)).to.deep.equal({ path: join(short, "worker-5.sock") });
  });
  it("is a private folder elsewhere for a longer path, gone when the worker has ended", async () => {
    const close = await serveSender(CHAIN, place, silentLog);
    expect(hasSender(place)).to.equal(true);
    expect(statSync(own).mode & 0o777).to.equal(0o700);
    expect(await sendThroughWorker(place.path, SELF, CALL, new AbortController().signal)).to.deep.equal(DONE);
    await close();
    expect(existsSync(own)).to.equal(false);
  });
  it("may be gone before the worker ends, as when the system clears temporary files", async () => {
    const close = await serveSender(CHAIN, place, silentLog);
    rmSync(own, { recursive: true });
    await close();
    expect(existsSync(own)).to.equal(false);
  });
  it("is the same by another name of the folder, and another on another chain or of another folder", () => {
    const link = join(temporary(), "link");
    symlinkSync(folder, link);
    expect(senderPlace(link, SELF.chainId)).to.deep.equal(place);
    expect(senderPlace(folder, 1n).path).to.not.equal(place.path);
    mkdirSync(join(folder, "other"));
    expect(senderPlace(join(folder, "other"), SELF.chainId).path).to.not.equal(place.path);
  });
  it("is not used where others may write, nor through a link", async () => {
    mkdirSync(own);
    chmodSync(own, 0o777);
    writeFileSync(place.path, "");
    expect([prepareSenderPlace(place), hasSender(place)]).to.deep.equal([false, false]);
    await (
      await serveSender(CHAIN, place, silentLog)
    )();
    expect(statSync(place.path).isFile()).to.equal(true);
    rmSync(own, { recursive: true });
    const target = temporary();
    chmodSync(target, 0o700);
    writeFileSync(join(target, "worker.sock"), "");
    symlinkSync(target, own);
    expect([prepareSenderPlace(place), hasSender(place)]).to.deep.equal([false, false]);
  });
  it("is not used where it belongs to another user", function () {
    // Only root can give a folder away.
    if (process.getuid?.() !== 0) return this.skip();
    mkdirSync(own, { mode: 0o700 });
    writeFileSync(place.path, "");
    chownSync(own, STRANGER, STRANGER);
    expect([prepareSenderPlace(place), hasSender(place)]).to.deep.equal([false, false]);
  });
});
