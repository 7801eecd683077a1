import { expect } from "chai";
import { AbiCoder, ZeroHash, id } from "ethers";

import { merkleTree } from "@commonweight/sdk/protocol/merkle-tree";
import { type Chain, openChain } from "../../helpers/contracts/chain.ts";
import { staffedJob } from "../../helpers/contracts/fixtures.ts";
import { HOLDOUT, SCORING } from "../../helpers/contracts/job-params.ts";
import { LEAST_BOND } from "../../helpers/contracts/sealed-holdout.ts";

const ROUNDS = 2;

// 0 stands for a shard that is not open: opened with it, a round would have a shard that nobody finds.
describe("A sealed holdout whose tree has a key of 0 for each shard", function () {
  this.timeout(60_000);
  let chain: Chain;
  before(async () => {
    chain = await openChain();
  });

  it("is not opened with it, neither the public shard nor a round's, and is opened with another key", async () => {
    const holdout = treeWithZeros();
    const job = await staffedJob(chain, {
      terms: {
        holdout: HOLDOUT.sealed,
        initiatorBond: LEAST_BOND,
        holdoutRoot: holdout.root,
        rounds: ROUNDS,
        scoring: SCORING.contribution,
      },
    });
    const { book, lifecycle, trainers } = job.world;
    await job.open();
    for (const round of [0, 1]) {
      if (round === 1) await job.train(await job.ownUpdates(...trainers.slice(0, 3)));
      const shard = await job.calls.shard(round);
      const [zero, good] = [holdout.opening(shard, "zero"), holdout.opening(shard, "good")];
      await expect(lifecycle.openHoldout(job.id, zero.key, zero.proof))
        .to.be.revertedWithCustomError(book, "JobBook_WrongKey")
        .withArgs(job.id, shard);
      await lifecycle.openHoldout(job.id, good.key, good.proof);
      expect(await job.calls.shard(round)).to.equal(shard);
      expect(await book.holdoutKeyOf(job.id, round)).to.equal(good.key);
    }
  });

  /** A tree with two leaves for each shard: one of key 0, and one of another key. */
  function treeWithZeros() {
    const pairs = Array.from({ length: ROUNDS + 1 }, (_, shard) => [ZeroHash, id(`shard ${shard}`)]).flatMap(
      (keys, shard) => keys.map((key) => ({ shard, key })),
    );
    const tree = merkleTree(
      pairs.map(({ shard, key }) => AbiCoder.defaultAbiCoder().encode(["uint256", "bytes32"], [shard, key])),
    );
    return {
      root: tree.root,
      opening: (shard: number, kind: "zero" | "good") => {
        const index = pairs.findIndex((pair) => pair.shard === shard && (pair.key === ZeroHash) === (kind === "zero"));
        return { key: pairs[index]?.key ?? ZeroHash, proof: [...tree.proofOf(index)] };
      },
    };
  }
});
