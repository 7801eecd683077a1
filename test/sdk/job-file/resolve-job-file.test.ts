import { expect } from "chai";

import { addressTree } from "@commonweight/sdk/protocol/address-tree";
import { contentIdOf } from "@commonweight/sdk/protocol/content-id";
import { JobFileError } from "@commonweight/sdk/job-file/job-file-error";
import { parseJobFile } from "@commonweight/sdk/job-file/job-file";
import { parseJobSpec, serialiseJobSpec } from "@commonweight/sdk/spec/job-spec";
import {
  completeJob,
  resolveJobFile,
  resolveModel,
  standardErrorBps,
  type DataFacts,
  type JobContent,
  type JobFacts,
} from "@commonweight/sdk/job-file/resolve-job-file";
import { PRESETS } from "@commonweight/sdk/spec/presets";

/** Inputs of a job besides its file. */
type Facts = Omit<JobFacts, "model"> & DataFacts & JobContent;

const modelDigest = `0x${"22".repeat(32)}`;
const NONE = `0x${"00".repeat(32)}`;
const facts: Facts = {
  inputShape: [64],
  classes: 10,
  manifest: contentIdOf(`0x${"11".repeat(32)}`),
  initialModel: contentIdOf(modelDigest),
  holdoutSamples: 360,
  tokenAddress: `0x${"33".repeat(20)}`,
  tokenFormat: { decimals: 18, symbol: "ETH", native: true },
  now: 1_000_000,
};
const minimal = "name: Digits\nmodel: linear\ndata: {folder: digits}\nmoney: {reward: 10}\n";
const own =
  "name: Own\nmodel: linear\ndata: {partition: {kind: own}, holdout: {kind: own}, shape: [64], classes: 10}\n";

function resolve(text: string, changes: Partial<Facts> = {}) {
  const all = { ...facts, ...changes };
  const { job } = parseJobFile(text, "job.yaml");
  return completeJob(resolveJobFile(job, { ...all, model: resolveModel(job, all) }), all);
}

function pathsOf(run: () => unknown): readonly string[] {
  try {
    run();
  } catch (error) {
    if (error instanceof JobFileError) return error.problems.map(({ path }) => path.join("."));
    throw error;
  }
  return [];
}

describe("resolveJobFile", () => {
  it("refuses amounts that the token cannot hold, all together", () => {
    const text = minimal.replace("reward: 10", "reward: 0.1234567, bond: 1 gwei");
    const run = () => resolve(text, { tokenFormat: { decimals: 6, symbol: "USDC" } });
    expect(pathsOf(run)).to.deep.equal(["money.reward", "money.bond"]);
  });
  it("refuses a price list that begins below the initial model's score", () => {
    const text = minimal.replace("reward: 10", "reward: 10, milestones: [[0.1, 0], [0.9, 1]]");
    expect(pathsOf(() => resolve(text, { initialScore: 0.2 }))).to.deep.equal(["money.milestones.0.0"]);
    expect(pathsOf(() => resolve(text, { initialScore: 0.1 }))).to.deep.equal([]);
  });
  it("refuses a model whose samples nobody describes", () => {
    expect(pathsOf(() => resolve(minimal, { inputShape: undefined }))).to.deep.equal(["data"]);
  });
  it("gives every parameter of the contract a value", () => {
    expect(resolve(minimal).params).to.deep.equal({
      token: facts.tokenAddress,
      reward: 10n ** 19n,
      bond: 10n ** 17n,
      seatLock: 10n ** 18n,
      initiatorBond: 0n,
      validatorShareBps: 1_500,
      rounds: 10,
      maxUpdates: 64,
      committeeSize: 7,
      minTrainers: 1,
      minValidators: 5,
      holdout: "public",
      scoring: "contribution",
      payRule: "by-gain",
      clusters: false,
      sync: "bsp",
      retrainQuota: 1,
      releaseCount: 0,
      releaseBps: 0,
      tolerance: 1,
      maxTolerance: 1,
      noiseFloor: 0,
      acceptance: 0,
      margin: 264,
      targetScore: 0,
      minTraining: 60,
      trainingPeriod: 600,
      disclosurePeriod: 120,
      scoringPeriod: 600,
      revealPeriod: 120,
      attestationPeriod: 600,
      settlementPeriod: 120,
      deadline: 1_000_000 + 2 * 10 * 2_160 + 86_400,
      modelDigest,
      holdoutRoot: NONE,
      invitationRoot: NONE,
      milestones: [
        { scoreBps: 1_000, shareBps: 0 },
        { scoreBps: 5_368, shareBps: 4_000 },
        { scoreBps: 7_989, shareBps: 7_500 },
        { scoreBps: 9_736, shareBps: 10_000 },
      ],
    });
  });
  it("writes a specification that strangers accept", () => {
    const { spec } = resolve(minimal);
    expect(parseJobSpec(serialiseJobSpec(spec))).to.deep.equal(spec);
    expect(spec.model).to.deep.equal({ ...PRESETS.linear([64], 10), seed: 0 });
    expect(spec.data).to.deep.equal({ kind: "manifest", manifest: facts.manifest });
    expect(spec.servingSeconds).to.equal(7 * 86_400);
    expect(resolve(`${minimal}times: {serving: 0s}\n`).spec.servingSeconds).to.equal(0);
  });
  it("hands on how updates are merged, with every parameter written out", () => {
    const { spec } = resolve(
      `${minimal}aggregation: {rule: multi-krum, faulty: 2}\nserverOptimizer: {kind: yogi, tau: 1e-9}\nupdate: {maxStaleness: 2}\n`,
    );
    expect(spec.aggregation).to.deep.equal({ rule: "multi-krum", faulty: 2, selected: 1 });
    expect(spec.serverOptimizer).to.deep.equal({
      kind: "yogi",
      learningRate: 0.01,
      beta1: 0.9,
      beta2: 0.99,
      tau: 1e-9,
    });
    expect(spec.update).to.deep.equal({ clip: "median-norm", maxStaleness: 2 });
    expect(parseJobSpec(serialiseJobSpec(spec))).to.deep.equal(spec);
  });
  it("keeps the default price list rising from any initial score", () => {
    for (const initialScore of [0, 0.5, 0.979, 0.98, 0.985, 0.999, 1]) {
      const scores = resolve(minimal, { initialScore }).params.milestones.map(({ scoreBps }) => scoreBps);
      expect(scores, String(initialScore)).to.deep.equal([...new Set(scores)].toSorted((a, b) => a - b));
      expect(scores.at(-1)).to.be.at.most(10_000);
    }
  });
  it("pays one budget a round where there is no price list", () => {
    expect(resolve(minimal.replace("10}", "10, milestones: none}")).params.milestones).to.deep.equal([]);
    expect(resolve(`${minimal}scoring: {rule: accuracy}\n`).params.milestones).to.deep.equal([]);
    const { spec, params } = resolve(`${own}money: {reward: 10}\n`, { manifest: undefined, holdoutSamples: 0 });
    expect(spec.data).to.deep.equal({ kind: "own", scaling: { kind: "divisor", divisor: 1 } });
    expect(params).to.deep.include({ milestones: [], margin: 0, tolerance: 200, maxTolerance: 1_000, holdout: "own" });
  });
  it("takes what is written over what is usual", () => {
    const text = `${minimal.replace("10}", "10, margin: 0.01, targetScore: 0.9}")}seed: 7\nscoring: {tolerance: 80}\ntimes: {deadline: 30d}\n`;
    const { spec, params } = resolve(text);
    expect(spec.model.seed).to.equal(7);
    expect(params).to.include({ margin: 100, targetScore: 9_000, tolerance: 80, maxTolerance: 80 });
    expect(params.deadline).to.equal(1_000_000 + 30 * 86_400);
  });
  it("keeps to each scheme's own terms", () => {
    const written = "retrainQuota: 2, releaseRatio: 0.25, releaseCount: 3";
    expect(resolve(`${minimal}sync: {scheme: bap, ${written}}\n`).params).to.include({
      sync: "bap",
      retrainQuota: 2,
      releaseBps: 2_500,
      releaseCount: 3,
    });
    // Only barrierless jobs use the release fields.
    const ssp = { sync: "ssp", retrainQuota: 2, releaseBps: 0, releaseCount: 0 };
    expect(resolve(`${minimal}sync: {scheme: ssp, ${written}}\n`).params).to.include(ssp);
    expect(resolve(`${minimal}sync: {scheme: ssp}\n`).params.retrainQuota).to.equal(3);
    // A ratio that rounds to nothing releases at the first commitment, not before.
    expect(resolve(`${minimal}sync: {scheme: bap, releaseRatio: 0.0001}\n`).params.releaseBps).to.equal(1);
  });
  it("puts the root over the invited on chain, and who they are in the specification", () => {
    const invited = ["1", "2", "3"].map((digit) => `0x${digit.repeat(40)}`);
    const { spec, params } = resolve(`${minimal}invited: ["${invited.join('", "')}"]\n`);
    expect(params.invitationRoot).to.equal(addressTree(invited).root);
    expect(spec.invited).to.deep.equal(invited);
  });
  it("measures the standard error of an accuracy", () => {
    expect([0, 1, 100, 2_000].map(standardErrorBps)).to.deep.equal([0, 5_000, 500, 112]);
  });
});
