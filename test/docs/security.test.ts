import { readFileSync } from "node:fs";
import { join } from "node:path";

import { expect } from "chai";

import { quorum } from "@commonweight/sdk/protocol/consensus";
import { MAX_SEATS, MIN_SEATS } from "@commonweight/sdk/protocol/limits";
import { ROOT } from "../../tools/programs/run-tool.ts";
import { powersOf } from "../../tools/seats/powers.ts";
import { absencesOf, withTable } from "../../tools/seats/table.ts";

const MARKERS = ["<!-- seats -->", "<!-- /seats -->"] as const;
const page = readFileSync(join(ROOT, "docs/security.md"), "utf8");

describe("docs/security.md", () => {
  it("has the table of what colluding seats can do as it is computed (otherwise run: npm run seats)", async () => {
    expect(await withTable(page)).to.equal(page);
  });

  it("would not match with another figure, or without the table", async () => {
    const changed = page.replace("2 / - / 2", "3 / - / 2");
    expect(changed).not.to.equal(page);
    expect(await withTable(changed)).to.equal(page);
    const [before = "", after = ""] = page.split(`${MARKERS[0]}\n`);
    const empty = `${before}${MARKERS[0]}\n${MARKERS[1]}${after.split(MARKERS[1])[1] ?? ""}`;
    expect(await withTable(empty)).to.equal(page);
    const withoutMarkers = await withTable(before).catch((error: unknown) => String(error));
    expect(withoutMarkers).to.match(/has no <!-- seats -->/);
  });
});

describe("what colluding seats can do", () => {
  for (const [place, name] of ["none", "one", "as many as leave a quorum"].entries()) {
    it(`follows from majorities of all seats, absent honest seats: ${name}, in committees of every size`, () => {
      for (let seats = MIN_SEATS; seats <= MAX_SEATS; seats++) {
        const absent = absencesOf(seats)[place] ?? 0;
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
          // The median is the lower one: where an even number of seats reveals, half of them lower it, not raise it.
          loweredOnOwn: canJudge ? half : undefined,
          raisedOnOwn: canJudge ? Math.floor((seats - absent) / 2) + 1 : undefined,
        });
      }
    });
  }

  it("never lets half of the seats void an update, replace its number, or have another slashed", () => {
    for (let seats = MIN_SEATS; seats <= MAX_SEATS; seats++) {
      for (const absent of absencesOf(seats)) {
        const { voided, replaced, slashed } = powersOf({ seats, absent });
        for (const fewest of [voided, replaced, slashed]) expect(2 * (fewest ?? seats)).to.be.greaterThan(seats);
      }
    }
  });
});
