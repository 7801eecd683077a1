import { readFileSync } from "node:fs";
import { join } from "node:path";

import { expect } from "chai";

import { quorum } from "@commonweight/sdk/protocol/consensus";
import { MAX_SEATS, MIN_SEATS } from "@commonweight/sdk/protocol/limits";
import { recognisedGap } from "../../trainer/scoring/exam.ts";
import { ROOT } from "../../tools/programs/run-tool.ts";
import { powersOf } from "../../tools/seats/powers.ts";
import { withSeatTable } from "../../tools/seats/table.ts";
import { withShardTable } from "../../tools/shards/table.ts";

const page = readFileSync(join(ROOT, "docs/security.md"), "utf8");

/** The generated tables of the page, with a figure of each and another one in its place. */
const TABLES = [
  {
    ...{ what: "what colluding seats can do", name: "seats", withTable: withSeatTable },
    ...{ figure: "2 / -", other: "3 / -" },
  },
  {
    ...{ what: "what bad shards save", name: "shards", withTable: withShardTable },
    ...{ figure: "7.7 %", other: "7.8 %" },
  },
] as const;

describe("docs/security.md", () => {
  for (const { what, name, withTable, figure, other } of TABLES) {
    const [begin, end] = [`<!-- ${name} -->\n`, `<!-- /${name} -->`];

    it(`has the table of ${what} as it is computed (otherwise run: npm run ${name})`, async () => {
      expect(await withTable(page)).to.equal(page);
    });

    it(`would not match with another figure of ${what}, or without the table`, async () => {
      const changed = page.replace(figure, other);
      expect(changed).not.to.equal(page);
      expect(await withTable(changed)).to.equal(page);
      const [before = "", after = ""] = page.split(begin);
      expect(await withTable(`${before}${begin}${end}${after.split(end)[1] ?? ""}`)).to.equal(page);
      const withoutMarkers = await withTable(before).catch((error: unknown) => String(error));
      expect(withoutMarkers).to.contain(`has no <!-- ${name} -->`);
    });
  }

  it("names the gap that workers always see, as it is computed", () => {
    const points = (Math.ceil(1_000 * recognisedGap(500)) / 10).toFixed(1);
    expect(page.replaceAll(/\s+/g, " ")).to.contain(`${points} points of 500 samples`);
  });
});

describe("what colluding seats can do", () => {
  for (const absent of [0, 1]) {
    it(`follows from majorities of all seats, ${absent} honest seat absent, in committees of every size`, () => {
      for (let seats = MIN_SEATS; seats <= MAX_SEATS; seats++) {
        const powers = powersOf({ seats, absent });
        const most = Math.floor(seats / 2) + 1;
        const canJudge = seats - absent >= quorum(seats);
        const half = Math.ceil((seats - absent) / 2);
        // Honest seats must be left, and so many must reveal.
        const slash = Math.max(most, Math.ceil((2 * seats) / 3));
        expect(powers, `${seats} seats`).to.deep.equal({
          undecided: canJudge ? seats - absent - Math.floor(seats / 2) : undefined,
          voided: canJudge ? most : undefined,
          moved: canJudge ? half : undefined,
          replaced: canJudge ? most : undefined,
          failed: Math.max(0, seats - absent - quorum(seats) + 1),
          slashed: canJudge && slash < seats - absent ? slash : undefined,
          replacedOnOwn: canJudge ? half : undefined,
        });
      }
    });
  }

  it("never lets half of the seats void an update, replace its number, or have another slashed", () => {
    for (let seats = MIN_SEATS; seats <= MAX_SEATS; seats++) {
      for (const absent of [0, 1]) {
        const { voided, replaced, slashed } = powersOf({ seats, absent });
        for (const fewest of [voided, replaced, slashed]) expect(2 * (fewest ?? seats)).to.be.greaterThan(seats);
      }
    }
  });
});
