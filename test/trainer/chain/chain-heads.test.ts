import { expect } from "chai";

import { BlockPace } from "../../../trainer/chain/block-pace.ts";
import { ChainHeads } from "../../../trainer/chain/chain-heads.ts";
import type { BlockHeader } from "../../../trainer/chain/rpc.ts";
import { silentLog } from "../../../trainer/log.ts";

const signal = new AbortController().signal;

/** A chain on a virtual clock, in milliseconds: its newest block, and the lines of the log. */
function chainOf(chainId: bigint) {
  let now = 1_000_000;
  let number = 1;
  let timestamp = now / 1_000;
  const lines: string[] = [];
  const pace = new BlockPace(100, () => now);
  const latestBlock = (): Promise<BlockHeader> => {
    pace.see(number);
    return Promise.resolve({ number, hash: `0x${number}`, parentHash: "0x", timestamp, baseFee: 0n, isEmpty: true });
  };
  const rpc = { pace, latestBlock, findNewerThan: () => Promise.resolve(false) };
  const note = (context: object, message: string) => void lines.push(String(Reflect.get(context, "code") ?? message));
  const heads = new ChainHeads(rpc, chainId, { ...silentLog, info: note, warn: note }, () => now);
  return {
    lines,
    /** Looks once a second; `blocks` says whether a block comes in each. */
    async run(seconds: number, blocks: boolean) {
      for (let second = 0; second < seconds; second++) {
        now += 1_000;
        if (blocks) [number, timestamp] = [number + 1, now / 1_000];
        await heads.head(signal);
      }
    },
    age: (seconds: number) => (timestamp -= seconds),
  };
}

describe("ChainHeads", () => {
  it("names a local chain that makes no blocks, once", async () => {
    for (const id of [31_337n, 1_337n]) {
      const chain = chainOf(id);
      await chain.run(100, false);
      await chain.run(20, true);
      await chain.run(100, false);
      expect(chain.lines).to.deep.equal(["CHAIN_NO_BLOCKS"]);
    }
  });
  it("says nothing while blocks come, however slowly", async () => {
    const chain = chainOf(1n);
    for (let block = 0; block < 20; block++) {
      await chain.run(12, false);
      await chain.run(1, true);
    }
    expect(chain.lines).to.deep.equal([]);
  });
  it("says once that a chain stands still, and that it goes on", async () => {
    const chain = chainOf(1n);
    await chain.run(20, true);
    await chain.run(200, false);
    await chain.run(20, true);
    expect(chain.lines).to.deep.equal(["CHAIN_HEAD_OLD", "new blocks come again"]);
  });
  it("says at once that the first block seen is old", async () => {
    const chain = chainOf(1n);
    chain.age(600);
    await chain.run(1, false);
    expect(chain.lines).to.deep.equal(["CHAIN_HEAD_OLD"]);
  });
});
