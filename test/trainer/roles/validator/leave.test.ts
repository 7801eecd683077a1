import { expect } from "chai";

import type { JobView } from "@commonweight/sdk/chain/job-view";
import type { Phase } from "@commonweight/sdk/protocol/phases";
import { nextValidatorAction } from "../../../../trainer/roles/validator/decide.ts";

/** A view without a seat; only what is read. */
function viewIn(phase: Phase, { isEnlisted = true, pendingRound = 0 } = {}): JobView {
  const params = { holdout: "sealed", seatLock: 1n, milestones: [{}, {}], rounds: 5, targetScore: 0, deadline: 10 };
  const self = { isEnlisted, seat: undefined };
  return { phase, params, pendingRound, self, roundNumber: 2, time: 1, round: undefined } as unknown as JobView;
}

describe("a validator that found the round's shard much harder than the public one", () => {
  const memory = { scores: undefined, model: undefined, freeStake: 5n, leaves: true };
  const kindIn = (view: JobView) => nextValidatorAction(view, memory).kind;

  it("leaves the list as soon as the contract lets it", () => {
    expect(kindIn(viewIn("training"))).to.equal("delist");
    expect(kindIn(viewIn("waiting"))).to.equal("delist");
    expect(kindIn(viewIn("waiting", { pendingRound: 1 }))).to.equal("wait");
    expect(kindIn(viewIn("scoring"))).to.equal("wait");
  });
  it("then stops, and does not enlist again", () => {
    const action = nextValidatorAction(viewIn("training", { isEnlisted: false }), memory);
    expect(action).to.deep.equal({ kind: "stop", reason: "exam" });
  });
  it("stays otherwise", () => {
    expect(nextValidatorAction(viewIn("training"), { ...memory, leaves: false }).kind).to.equal("wait");
  });
});
