import { expect } from "chai";

import type { JobView } from "@commonweight/sdk/chain/job-view";
import { lateUpdate, type PreparedUpdate } from "../../../../trainer/roles/trainer/decide.ts";

/** View of round 5 on model 4, for a trainer whose last commitment was in round `lastCommitted`. */
function viewAfter(lastCommitted: number): JobView {
  const member = { since: 1, lastCommitted, lastRevealed: lastCommitted, leaving: 0, number: 0 };
  // Cast: only the fields that the function reads.
  return { roundNumber: 5, modelVersion: 4, self: { member } } as JobView;
}

const trained = (round: number, modelVersion: number): PreparedUpdate => ({
  round,
  modelVersion,
  digest: `0x${round}`,
});
const earlier = [trained(4, 3), trained(3, 2), trained(2, 1)];

describe("an update that was trained too late", () => {
  it("is not submitted twice", () => expect(lateUpdate(viewAfter(4), earlier, 9)).to.equal(undefined));
  it("is not submitted if it is too old, or if its age is unknown", () => {
    expect(lateUpdate(viewAfter(0), earlier, 0)).to.equal(undefined);
    expect(lateUpdate(viewAfter(0), [trained(2, 1)], 2)).to.equal(undefined);
    expect(lateUpdate(viewAfter(0), [{ round: 4, digest: "0x4" }], 9)).to.equal(undefined);
  });
  it("is not that of the running round", () =>
    expect(lateUpdate(viewAfter(0), [trained(5, 4)], 9)).to.equal(undefined));
  it("is the newest that the job still takes", () => {
    expect(lateUpdate(viewAfter(0), earlier.toReversed(), 3)?.round).to.equal(4);
    expect(lateUpdate(viewAfter(2), [trained(3, 2), trained(2, 1)], 2)?.round).to.equal(3);
  });
});
