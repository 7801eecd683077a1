import { expect } from "chai";
import { CID } from "multiformats/cid";

import type { WantEntry } from "../../../trainer/content/bitswap.ts";
import { BlockWant } from "../../../trainer/content/block-want.ts";
import { WantOutbox } from "../../../trainer/content/want-outbox.ts";

const CID_A = CID.parse("bafybeif7ztnhq65lumvvtr4ekcwd2ifwgm3awq4zfr3srh462rwyinlb4y");
const CID_B = CID.parse("bafybeiatqrf5qpcdvxj4bh574zy2fjx6u373pnxb3jhnus4mtodpg4w4f4");

describe("search for a block", () => {
  let sent: string[];
  let want: BlockWant;
  beforeEach(() => {
    sent = [];
    want = new BlockWant(CID_A, (peer, { kind }) => sent.push(`${peer} ${kind}`));
  });

  function advance(peers: readonly string[], nowMs: number): readonly string[] {
    want.advance(new Set(peers), ([first]) => first, nowMs);
    return sent.splice(0);
  }

  it("asks every peer whether it has the block, once, and one of the holders for it", () => {
    expect(advance(["a", "b", "c"], 0)).to.deep.equal(["a have?", "b have?", "c have?"]);
    expect(advance(["a", "b", "c"], 1)).to.deep.equal([]);
    want.answer("a", false, 2);
    want.answer("b", true, 2);
    want.answer("c", true, 2);
    expect(advance(["a", "b", "c"], 3)).to.deep.equal(["b block"]);
    expect(advance(["a", "b", "c", "d"], 4)).to.deep.equal([]);
  });

  it("turns to the next holder when the first one lacks the block after all, or is gone", () => {
    for (const peer of ["a", "b", "c"]) want.suppose(peer, 0);
    expect(advance(["a", "b", "c"], 0)).to.deep.equal(["a block"]);
    want.answer("a", false, 1);
    expect(advance(["a", "b", "c"], 1)).to.deep.equal(["b block"]);
    want.forget("b");
    expect(advance(["a", "c"], 2)).to.deep.equal(["c block"]);
  });

  it("passes over a holder that does not deliver: soon if there is another, later if not", () => {
    const peers = new Set(["a", "b"]);
    want.suppose("a", 0);
    advance(["a"], 0);
    want.expire(peers, 29_000);
    expect(sent).to.deep.equal([]);
    want.suppose("b", 0);
    want.expire(peers, 29_000);
    expect(sent).to.deep.equal(["a cancel"]);
  });

  it("repeats its question to those that lack the block or are silent", () => {
    advance(["a", "b"], 0);
    want.answer("a", false, 0);
    want.expire(new Set(["a", "b"]), 4_000);
    expect(advance(["a", "b"], 4_000)).to.deep.equal(["a cancel", "b cancel", "a have?", "b have?"]);
  });

  it("cancels its wants at all peers", () => {
    advance(["a", "b"], 0);
    want.answer("a", true, 0);
    advance(["a", "b"], 0);
    want.cancel();
    expect(sent).to.deep.equal(["a cancel", "b cancel"]);
  });
});

describe("want-list entries on their way", () => {
  it("batches simultaneous entries into one message, and puts a repeated block into the next one", async () => {
    const messages: string[] = [];
    const outbox = new WantOutbox(async (peer, entries) => {
      messages.push(`${peer}: ${entries.map(nameOf).join(", ")}`);
      await Promise.resolve();
    });
    outbox.post("p", { cid: CID_A, kind: "cancel" });
    outbox.post("p", { cid: CID_B, kind: "block" });
    outbox.post("p", { cid: CID_A, kind: "have?" });
    outbox.post("q", { cid: CID_A, kind: "have?" });
    outbox.post("gone", { cid: CID_A, kind: "have?" });
    outbox.forget("gone");
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(messages.sort()).to.deep.equal(["p: A cancel, B block", "p: A have?", "q: A have?"]);
  });
});

function nameOf({ cid, kind }: WantEntry): string {
  return `${cid === CID_A ? "A" : "B"} ${kind}`;
}
