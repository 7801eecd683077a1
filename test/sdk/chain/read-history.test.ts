import { expect } from "chai";

import type { RoundView } from "@commonweight/sdk/chain/job-view";
import { bestRelease, releasesOf } from "@commonweight/sdk/chain/read-history";

type Round = Parameters<typeof releasesOf>[1][number];

/** A settled round that released version `number`. */
function round(number: number, baseScore: number, score: number, changes: Partial<RoundView> = {}): Round {
  const result = { attempt: 1, trainerPay: 0n, totalWeight: 1, credited: 0n };
  const released = { modelVersion: number, modelDigest: `0x${String(number).repeat(64)}` };
  return {
    ...{ number, confirming: false, outcome: "settled", ...changes },
    result: { ...result, baseScore, score, ...released },
  };
}

const confirming = (number: number, baseScore: number): Round => {
  const { result, ...rest } = round(number, baseScore, 0, { confirming: true });
  return { ...rest, result: { ...result, modelVersion: 0, modelDigest: `0x${"0".repeat(64)}` } };
};
const waiting = { pendingRound: 0 };

describe("releases of a job", () => {
  it("are confirmed with the lower of two committees' accuracies", () => {
    const releases = releasesOf({ pendingRound: 3 }, [
      round(1, 1_000, 7_000),
      round(2, 6_900, 8_000),
      round(3, 8_100, 9_000),
    ]);
    expect(releases.map(({ confirmed }) => confirmed)).to.deep.equal([6_900, 8_000, undefined]);
    expect(bestRelease(releases)?.round).to.equal(2);
  });

  it("are confirmed by a confirming round, which releases nothing, and across rounds that ended empty", () => {
    const empty = round(2, 0, 0, { outcome: "empty" });
    const releases = releasesOf(waiting, [round(1, 1_000, 7_000), empty, confirming(3, 6_500)]);
    expect(releases.map((one) => [one.round, one.confirmed])).to.deep.equal([[1, 6_500]]);
  });

  it("count as their own committee attested them where no second one came to a result", () => {
    const failed = round(2, 0, 0, { outcome: "failed", confirming: true });
    expect(releasesOf(waiting, [round(1, 1_000, 7_000), failed])[0]?.confirmed).to.equal(7_000);
  });

  it("have no best one before any is confirmed", () => {
    expect(bestRelease(releasesOf({ pendingRound: 1 }, [round(1, 1_000, 7_000)]))).to.equal(undefined);
    expect(bestRelease([])).to.equal(undefined);
  });

  it("prefer the best accuracy to the newest, and the newest of equals", () => {
    const worse = [round(1, 1_000, 8_000), round(2, 8_000, 7_000), confirming(3, 7_000)];
    expect(bestRelease(releasesOf(waiting, worse))?.round).to.equal(1);
    const own = [round(1, 0, 0), round(2, 0, 0), confirming(3, 0)];
    expect(bestRelease(releasesOf(waiting, own))?.round).to.equal(2);
  });
});
