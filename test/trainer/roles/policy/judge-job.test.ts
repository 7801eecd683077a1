import { expect } from "chai";

import type { JobView } from "@commonweight/sdk/chain/job-view";
import { isOpen, refusalOf, takesPart, type JobPolicy } from "../../../../trainer/roles/policy/judge-job.ts";

const [COIN, OTHER_TOKEN] = [`0x${"Aa".repeat(20)}`, `0x${"bb".repeat(20)}`];
const [ALICE, BOB] = [`0x${"Cc".repeat(20)}`, `0x${"dd".repeat(20)}`];

const policy: JobPolicy = { token: COIN, minReward: 5n, initiators: [], most: 1 };

/** A job with 5 units for its work; only what is read. */
function viewOf(changes: object = {}, self: object = {}): JobView {
  const params = {
    token: COIN.toLowerCase(),
    reward: 5n,
    rounds: 2,
    targetScore: 0,
    deadline: 1_000,
    holdout: "public",
  };
  const own = { member: undefined, isEnlisted: false, seat: undefined, ...self };
  const state = { phase: "waiting", time: 10, roundNumber: 0, cancelled: false, closed: false, pendingRound: 0 };
  return { ...state, params, initiator: ALICE, self: own, ...changes } as unknown as JobView;
}

describe("a worker's policy", () => {
  it("takes a job that pays just the least reward, in the token, whatever the case of an address", () => {
    expect(refusalOf(viewOf(), policy)).to.equal(undefined);
    expect(refusalOf(viewOf(), { ...policy, initiators: [BOB, ALICE.toLowerCase()] })).to.equal(undefined);
  });
  it("refuses another token before it compares amounts", () => {
    expect(refusalOf(viewOf(), { ...policy, token: OTHER_TOKEN, minReward: 6n })).to.equal("token");
  });
  it("refuses a lower reward", () => expect(refusalOf(viewOf(), { ...policy, minReward: 6n })).to.equal("reward"));
  it("refuses a stranger's job where it names initiators", () => {
    expect(refusalOf(viewOf(), { ...policy, initiators: [BOB] })).to.equal("initiator");
  });
  it("looks at jobs alone that open further rounds", () => {
    expect(isOpen(viewOf())).to.equal(true);
    expect(isOpen(viewOf({ phase: "training", roundNumber: 1 }))).to.equal(true);
    for (const changes of [{ phase: "closed" }, { phase: "none" }, { cancelled: true }, { time: 1_000 }]) {
      expect(isOpen(viewOf(changes)), JSON.stringify(changes)).to.equal(false);
    }
  });
  it("goes on where the account takes part, until the job is closed", () => {
    expect(takesPart(viewOf())).to.equal(false);
    for (const self of [{ member: {} }, { isEnlisted: true }, { seat: 0 }]) {
      expect(takesPart(viewOf({}, self)), JSON.stringify(self)).to.equal(true);
      expect(takesPart(viewOf({ closed: true }, self))).to.equal(false);
    }
  });
});
