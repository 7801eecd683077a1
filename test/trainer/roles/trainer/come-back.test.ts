import { expect } from "chai";

import type { JobView } from "@commonweight/sdk/chain/job-view";
import type { Phase } from "@commonweight/sdk/protocol/phases";
import { nextTrainerAction, type TrainerMemory } from "../../../../trainer/roles/trainer/decide.ts";

const DIGEST = `0x${"22".repeat(32)}`;

interface Changes {
  readonly isExpected?: boolean;
  readonly lastCommitted?: number;
  readonly isMember?: boolean;
  /** When Training ended, in seconds after it began; the period is 600. */
  readonly training?: number;
  readonly confirming?: boolean;
  readonly time?: number;
}

/** Round 3 as a member sees it that missed round 2; only what is read. */
function viewIn(phase: Phase, changes: Changes = {}): JobView {
  const { isExpected = false, lastCommitted = 1, isMember = true, training = 20 } = changes;
  const member = { since: 1, lastCommitted, lastRevealed: lastCommitted, leaving: 0, number: 0, isExpected };
  const params = { holdout: "public", rounds: 5, targetScore: 0, deadline: 10_000, trainingPeriod: 600 };
  const round = {
    ...{ number: 3, outcome: "running", confirming: changes.confirming ?? false },
    ...{ trainingStart: 1_000, trainingEnd: 1_000 + training },
  };
  const self = { member: isMember ? member : undefined, wasMember: !isMember };
  const view = { phase, params, self, round, roundNumber: 3, time: changes.time ?? 1_100, isDeep: true };
  return view as unknown as JobView;
}

const memory: TrainerMemory = {
  prepared: { round: 3, digest: DIGEST, seconds: 30 },
  ...{ rejoins: false, examined: 0, leaves: false },
};
const kindIn = (view: JobView, changes: Partial<TrainerMemory> = {}) =>
  nextTrainerAction(view, { ...memory, ...changes }).kind;

describe("a trainer that missed a round and came back", () => {
  it("seals as any other where Training still runs", () => {
    expect(kindIn(viewIn("training"))).to.equal("commit");
    expect(kindIn(viewIn("training"), { prepared: undefined })).to.equal("train");
  });
  it("leaves and joins again where the round that it trained for closed without it", () => {
    for (const phase of ["disclosure", "draw", "scoring", "reveal", "attestation"] as const) {
      expect(kindIn(viewIn(phase)), phase).to.equal("rejoin");
    }
  });
  it("then joins, although it had joined before", () => {
    expect(kindIn(viewIn("scoring", { isMember: false }), { rejoins: true })).to.equal("join");
    expect(kindIn(viewIn("scoring", { isMember: false }))).to.equal("stop");
    expect(kindIn(viewIn("scoring", { isMember: false }), { rejoins: true, leaves: true })).to.equal("stop");
  });
  const others: Readonly<Record<string, readonly [Changes, Partial<TrainerMemory>]>> = {
    "rounds wait for it": [{ isExpected: true }, {}],
    "it has sealed": [{ lastCommitted: 3 }, {}],
    "it has not trained for the round": [{}, { prepared: undefined }],
    "its update is of an earlier round": [{}, { prepared: { round: 2, digest: DIGEST, seconds: 30 } }],
    "it takes most of Training": [{}, { prepared: { round: 3, digest: DIGEST, seconds: 400 } }],
    "nobody knows how long it takes": [{}, { prepared: { round: 3, digest: DIGEST } }],
    "Training ran to its deadline": [{ training: 600 }, {}],
    "the round confirms a release": [{ confirming: true }, {}],
    "no further round opens": [{ time: 10_000 }, {}],
  };
  for (const [reason, [changes, remembered]] of Object.entries(others)) {
    it(`stays where ${reason}`, () => expect(kindIn(viewIn("scoring", changes), remembered)).to.equal("wait"));
  }
});
