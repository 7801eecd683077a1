import { expect } from "chai";

import type { JobView } from "@commonweight/sdk/chain/job-view";
import type { Phase } from "@commonweight/sdk/protocol/phases";
import { nextTrainerAction } from "../../../trainer/roles/trainer/decide.ts";
import {
  modelBasis,
  nextValidatorAction,
  scoresBasis,
  type NextModel,
  type SealedScores,
} from "../../../trainer/roles/validator/decide.ts";

const MODEL = `0x${"11".repeat(32)}`;
const UPDATE = `0x${"22".repeat(32)}`;
const SEED = `0x${"33".repeat(32)}`;

/** What the tests change of a view. */
interface Changes {
  readonly isDeep?: boolean;
  readonly hasCommitted?: boolean;
  readonly seed?: string;
  readonly update?: string;
  readonly consensus?: readonly number[];
}

/** Round 3, attempt 1, as a member that sealed its update and a validator on seat 0 see it. */
function viewIn(phase: Phase, changes: Changes = {}): JobView {
  const { isDeep = true, hasCommitted = false, seed = SEED, update = UPDATE, consensus = [] } = changes;
  const seat = { validator: "0x1", hasCommitted, hasRevealed: false, hasAttested: false };
  const committee = { attempt: 1, seed, seats: [seat], consensus, labels: [], outcome: "running" };
  const updates = [{ trainer: "0x2", digest: update, order: 0, isCopy: false }];
  const member = { since: 1, lastCommitted: 3, commitments: 1, order: 0, lastRevealed: 2, leaving: 0, number: 0 };
  const times = { trainingEnd: 1_000, disclosureEnd: 1_400, committed: 4, revealed: 0 };
  const round = { number: 3, outcome: "running", ...times, updates, committee };
  // Only what is read: the rest of a view is large.
  const params = { holdout: "public" };
  return {
    phase,
    time: 1_000,
    isDeep,
    params,
    roundNumber: 3,
    modelDigest: MODEL,
    round,
    self: { member, seat: 0 },
  } as unknown as JobView;
}

describe("a trainer that sealed its update", () => {
  const prepared = { round: 3, digest: UPDATE };
  const memory = { prepared, rejoins: false, examined: 0, leaves: false };
  const kindIn = (view: JobView) => nextTrainerAction(view, memory).kind;

  it("waits in Disclosure until it is deep", () => {
    expect(kindIn(viewIn("disclosure", { isDeep: false }))).to.equal("wait");
    expect(kindIn(viewIn("disclosure"))).to.equal("reveal");
  });
  it("leaves the first disclosure to those that committed before it, for a quarter of the phase", () => {
    const viewOf = (order: number, time: number, revealed = 0): JobView => {
      const view = viewIn("disclosure");
      const self = { ...view.self, member: { ...view.self.member, order } };
      return { ...view, time, round: { ...view.round, revealed }, self } as JobView;
    };
    expect(kindIn(viewOf(0, 1_000))).to.equal("reveal");
    expect(kindIn(viewOf(1, 1_024))).to.equal("wait");
    expect(kindIn(viewOf(1, 1_025))).to.equal("reveal");
    expect(kindIn(viewOf(3, 1_074))).to.equal("wait");
    expect(kindIn(viewOf(3, 1_075))).to.equal("reveal");
    expect(kindIn(viewOf(3, 1_000, 1))).to.equal("reveal");
  });
  it("seals again where a reorganisation took the commitment away", () => {
    const view = viewIn("training", { isDeep: false });
    const member = { ...view.self.member, lastCommitted: 2 };
    const reorganised = { ...view, self: { ...view.self, member } } as JobView;
    expect(nextTrainerAction(reorganised, memory)).to.deep.equal({ kind: "commit", digest: UPDATE });
  });
  it("makes an update that was lost with the disk while it waits", () => {
    expect(
      nextTrainerAction(viewIn("disclosure", { isDeep: false }), { ...memory, prepared: undefined }).kind,
    ).to.equal("train");
  });
});

describe("a seat", () => {
  function memoryOf(view: JobView) {
    const scores: SealedScores = { round: 3, attempt: 1, basis: scoresBasis(view), scores: [5] };
    const result = { digest: MODEL, baseScore: 0, score: 0 };
    const model: NextModel = { round: 3, attempt: 1, basis: modelBasis(view), ...result };
    return { scores, model, freeStake: 0n, leaves: false };
  }
  const kindIn = (view: JobView, memory = memoryOf(view)) => nextValidatorAction(view, memory).kind;

  it("seals scores once the draw that they rest on is deep", () => {
    expect(kindIn(viewIn("scoring", { isDeep: false }))).to.equal("wait");
    expect(kindIn(viewIn("scoring"))).to.equal("commit");
  });
  it("scores while it waits", () => {
    const view = viewIn("scoring", { isDeep: false });
    expect(kindIn(view, { ...memoryOf(view), scores: undefined as never })).to.equal("score");
  });
  it("opens its scores once Scoring is over deep down", () => {
    expect(kindIn(viewIn("reveal", { isDeep: false, hasCommitted: true }))).to.equal("wait");
    expect(kindIn(viewIn("reveal", { hasCommitted: true }))).to.equal("reveal");
  });
  it("attests once the tally is deep", () => {
    expect(kindIn(viewIn("attestation", { isDeep: false }))).to.equal("wait");
    expect(kindIn(viewIn("attestation"))).to.equal("attest");
  });
  it("scores again what a reorganisation changed: the seed, or the updates", () => {
    const memory = memoryOf(viewIn("scoring"));
    expect(kindIn(viewIn("scoring", { seed: MODEL }), memory)).to.equal("score");
    expect(kindIn(viewIn("scoring", { update: SEED }), memory)).to.equal("score");
  });
  it("opens what it sealed, whatever a deeper reorganisation changed", () => {
    expect(kindIn(viewIn("reveal", { hasCommitted: true, seed: MODEL }), memoryOf(viewIn("scoring")))).to.equal(
      "reveal",
    );
  });
  it("computes the next model again where the consensus is another", () => {
    const memory = memoryOf(viewIn("attestation", { consensus: [5] }));
    expect(kindIn(viewIn("attestation", { consensus: [6] }), memory)).to.equal("aggregate");
  });
});
