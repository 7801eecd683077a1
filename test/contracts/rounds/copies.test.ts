import { expect } from "chai";

import { type Chain, at, openChain } from "../../helpers/contracts/chain.ts";
import { roundInTraining } from "../../helpers/contracts/fixtures.ts";

/** What a trainer commits, in the order of commitments, and the order in which they disclose. */
interface Case {
  readonly title: string;
  readonly contents: readonly string[];
  readonly disclosed: readonly number[];
  /** Bit i: the update disclosed as number i is a copy. */
  readonly copies: bigint;
}

const CASES: readonly Case[] = [
  {
    title: "behind another update, each disclosed before one that was committed earlier",
    contents: ["same", "same", "same", "other"],
    disclosed: [3, 2, 1, 0],
    copies: 0b0110n,
  },
  {
    title: "of two kinds, mixed",
    contents: ["one", "two", "one", "two", "one"],
    disclosed: [4, 3, 2, 1, 0],
    copies: 0b00111n,
  },
  {
    title: "disclosed in the order of their commitments",
    contents: ["other", "same", "same", "same"],
    disclosed: [0, 1, 2, 3],
    copies: 0b1100n,
  },
];

describe("Identical updates", function () {
  this.timeout(60_000);
  let chain: Chain;
  before(async () => {
    chain = await openChain();
  });

  for (const { title, contents, disclosed, copies } of CASES) {
    it(`${title}: leave the value to the one that was committed first`, async () => {
      const job = await roundInTraining(chain, { joined: contents.length });
      for (const [place, content] of contents.entries()) await job.commit(at(job.world.trainers, place), content);
      for (const place of disclosed) await job.reveal(at(job.world.trainers, place));
      expect(await job.world.rounds.copiesOf(job.id, 1)).to.equal(copies);
    });
  }
});
