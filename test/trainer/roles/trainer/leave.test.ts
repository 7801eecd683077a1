import { expect } from "chai";

import type { JobView } from "@commonweight/sdk/chain/job-view";
import type { Phase } from "@commonweight/sdk/protocol/phases";
import { nextTrainerAction } from "../../../../trainer/roles/trainer/decide.ts";

const KEY = `0x${"ab".repeat(32)}`;
const DIGEST = `0x${"22".repeat(32)}`;

/** What the tests change of a view. */
interface Changes {
  readonly lastCommitted?: number;
  readonly lastRevealed?: number;
  readonly leaving?: number;
  readonly outcome?: "running" | "settled" | "empty";
  readonly holdoutKey?: string;
  readonly isMember?: boolean;
  readonly wasMember?: boolean;
}

/** Round 3 as a member sees it that has disclosed its update of round 2; only what is read. */
function viewIn(phase: Phase, changes: Changes = {}): JobView {
  const { lastCommitted = 2, lastRevealed = 2, leaving = 0, outcome = "running", isMember = true } = changes;
  const member = isMember ? { since: 1, lastCommitted, lastRevealed, leaving, number: 0 } : undefined;
  const params = { holdout: "sealed", rounds: 5, targetScore: 0, deadline: 10 };
  const round = { number: 3, outcome, holdoutKey: changes.holdoutKey };
  const self = { member, wasMember: changes.wasMember ?? false };
  return {
    phase,
    params,
    self,
    round,
    roundNumber: 3,
    time: 1,
    isDeep: true,
    publicShardOpen: true,
  } as unknown as JobView;
}

const memory = { prepared: { round: 3, digest: DIGEST }, rejoins: false, examined: 2, leaves: false };

describe("a trainer, once a round's shard is open", () => {
  const inScoring = { lastCommitted: 3, lastRevealed: 3, holdoutKey: KEY };

  it("compares it with the public one, once", () => {
    for (const phase of ["draw", "scoring", "reveal", "tally", "attestation", "settlement"] as const) {
      expect(nextTrainerAction(viewIn(phase, inScoring), memory).kind, phase).to.equal("examine");
      expect(nextTrainerAction(viewIn(phase, inScoring), { ...memory, examined: 3 }).kind, phase).to.equal("wait");
    }
    expect(nextTrainerAction(viewIn("waiting", { ...inScoring, outcome: "settled" }), memory).kind).to.equal("examine");
  });
  it("does not before", () => {
    expect(nextTrainerAction(viewIn("draw"), memory).kind).to.equal("wait");
    expect(nextTrainerAction(viewIn("training"), memory).kind).to.equal("commit");
  });
});

describe("a trainer that found the round's shard much harder than the public one", () => {
  const kindIn = (view: JobView) => nextTrainerAction(view, { ...memory, leaves: true }).kind;

  it("leaves where it has no part in the running round", () => {
    for (const phase of ["training", "disclosure", "scoring"] as const) expect(kindIn(viewIn(phase))).to.equal("leave");
    expect(kindIn(viewIn("waiting", { lastCommitted: 3, lastRevealed: 3, outcome: "settled" }))).to.equal("leave");
  });
  it("finishes the round that its bond answers for first", () => {
    expect(kindIn(viewIn("training", { lastCommitted: 3 }))).to.equal("wait");
    expect(kindIn(viewIn("disclosure", { lastCommitted: 3 }))).to.equal("reveal");
    const disclosed = { lastCommitted: 3, lastRevealed: 3, holdoutKey: KEY };
    expect(kindIn(viewIn("disclosure", disclosed))).to.equal("wait");
    expect(kindIn(viewIn("scoring", disclosed))).to.equal("wait");
  });
  it("does not leave twice", () => expect(kindIn(viewIn("training", { leaving: 3 }))).to.equal("wait"));
  it("then stops, and does not join again, even where the chain does not know that it had joined", () => {
    for (const wasMember of [true, false]) {
      const view = viewIn("training", { isMember: false, wasMember });
      const action = nextTrainerAction(view, { ...memory, leaves: true });
      expect(action).to.deep.equal({ kind: "stop", reason: "exam" });
    }
  });
});

describe("a trainer that is not a member", () => {
  const kindIn = (wasMember: boolean) => nextTrainerAction(viewIn("training", { isMember: false, wasMember }), memory);

  it("joins, also where a reorganisation took its joining away: the chain decides", () =>
    expect(kindIn(false)).to.deep.equal({ kind: "join" }));
  it("stops once it has left", () => expect(kindIn(true)).to.deep.equal({ kind: "stop", reason: "left" }));
});
