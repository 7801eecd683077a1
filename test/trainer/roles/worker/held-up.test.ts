import { expect } from "chai";

import { hindrancesOf, Waits } from "../../../../trainer/roles/worker/status/held-up.ts";
import type { JobView } from "@commonweight/sdk/chain/job-view";
import type { Phase } from "@commonweight/sdk/protocol/phases";

interface Changes {
  readonly members?: number;
  readonly enlisted?: number;
  readonly drawable?: number;
  readonly holdout?: "public" | "sealed";
  readonly publicShardOpen?: boolean;
  readonly time?: number;
}

/** A job after its first round; only what is read. */
function viewIn(phase: Phase, changes: Changes = {}): JobView {
  const { members = 2, enlisted = 3, drawable = 3, holdout = "public", publicShardOpen = true, time = 500 } = changes;
  const periods = { trainingPeriod: 10, disclosurePeriod: 10, scoringPeriod: 10, revealPeriod: 10 };
  const bounds = { minTrainers: 2, minValidators: 3, rounds: 5, deadline: 1_000, targetScore: 0, milestones: [] };
  const params = { ...periods, attestationPeriod: 10, settlementPeriod: 10, ...bounds, holdout };
  const round = { number: 1, confirming: false, trainingStart: 480, disclosureEnd: 500, holdoutKey: undefined };
  const job = { cancelled: false, best: 0, roundNumber: 1, pendingRound: 0, releasedAt: 0 };
  const view = {
    phase,
    time,
    params,
    members,
    enlisted: Array<string>(enlisted).fill("0x1"),
    drawable,
    publicShardOpen,
  };
  return { ...view, ...job, round } as unknown as JobView;
}

const codesIn = (phase: Phase, changes?: Changes) => hindrancesOf(viewIn(phase, changes)).map(({ code }) => code);

describe("why a job waits", () => {
  it("is nothing where a round can open, or the job ends", () => {
    expect(codesIn("waiting")).to.deep.equal([]);
    expect(codesIn("waiting", { members: 0, time: 1_000 })).to.deep.equal([]);
  });
  it("is every kind of member of which there are too few, with both numbers", () => {
    expect(codesIn("waiting", { members: 1, enlisted: 2 })).to.deep.equal(["FEW_TRAINERS", "FEW_VALIDATORS"]);
    const [first] = hindrancesOf(viewIn("waiting", { members: 1 }));
    expect(first?.text).to.contain("round 2").and.to.contain("1 trainers of at least 2");
  });
  it("is a shard that the initiator has to open", () => {
    expect(codesIn("training", { holdout: "sealed", publicShardOpen: false })).to.deep.equal(["PUBLIC_SHARD_DUE"]);
    expect(codesIn("training", { holdout: "sealed" })).to.deep.equal([]);
    expect(codesIn("draw", { holdout: "sealed" })).to.deep.equal(["SHARD_DUE"]);
    expect(codesIn("draw", { holdout: "sealed", time: 510 })).to.deep.equal([]);
  });
  it("is a list that no committee can be drawn from", () =>
    expect(codesIn("draw", { drawable: 2 })).to.deep.equal(["FEW_TO_DRAW"]));
});

describe("what a job waits for", () => {
  it("is told after a minute, once, and when it goes on", () => {
    const waits = new Waits();
    const news = (codes: string, time: number) => waits.isNews(codes, time);
    expect(news("FEW_TRAINERS", 1_000)).to.equal(false);
    expect(news("FEW_TRAINERS", 1_059)).to.equal(false);
    expect(news("FEW_TRAINERS", 1_060)).to.equal(true);
    expect(news("FEW_TRAINERS", 2_000)).to.equal(false);
    expect(news("", 2_001)).to.equal(true);
    expect(news("", 2_002)).to.equal(false);
  });
  it("is not told where it passes within a minute", () => {
    const waits = new Waits();
    expect(waits.isNews("SHARD_DUE", 1_000)).to.equal(false);
    expect(waits.isNews("", 1_030)).to.equal(false);
    expect(waits.isNews("SHARD_DUE", 1_040)).to.equal(false);
    expect(waits.isNews("SHARD_DUE", 1_099)).to.equal(false);
  });
});
