import { quorum } from "../protocol/consensus.ts";
import { addressTree } from "../protocol/address-tree.ts";
import { digestOf, type ContentId } from "../protocol/content-id.ts";
import { secondsOf } from "./duration.ts";
import { CommonweightError } from "../errors.ts";
import { JobFileError, type JobFileProblem } from "./job-file-error.ts";
import { longestRoundSeconds } from "./job-file-rules.ts";
import type { JobFile } from "./job-file-schema.ts";
import type { JobParams, Milestone } from "../protocol/job-params.ts";
import { specDraft, type JobSpec, type SpecDraft } from "../spec/job-spec.ts";
import { AS_THEY_ARE, fitsFeatures, type FeatureScaling } from "../spec/feature-scaling.ts";
import { BPS, MAX_DURATION } from "../protocol/limits.ts";
import type { ModelSpec } from "../spec/model-spec.ts";
import { PRESETS } from "../spec/presets.ts";
import { leastInitiatorBond } from "../protocol/job-rules.ts";
import { parseMoney, type TokenFormat } from "./money.ts";

const DAY = 86_400;
/** No Merkle root. */
const NOTHING = `0x${"0".repeat(64)}`;
/** The narrowest and the widest band by holdout: on one set honest scores agree to the unit, on several they do not. */
export const BANDS = { public: [1, 1], sealed: [1, 1], own: [200, 1_000] } as const;
/** How many commitments a trainer may make in a round, by scheme (Ghanem et al. 2021: 1 under BSP). */
const QUOTAS = { bsp: 1, ssp: 3, bap: 3 } as const;
/** The default price list: [fraction of the way from the first model's accuracy to the goal, share]. */
const DEFAULT_CURVE = [
  [0, 0],
  [0.5, 0.4],
  [0.8, 0.75],
  [1, 1],
] as const;
const DEFAULT_GOAL_BPS = 9_800;
/** Shortest accuracy range of the default price list, in basis points. */
const LEAST_WAY_BPS = 10;

/** Facts about the data set, used if the job file omits them. */
export interface DataFacts {
  readonly inputShape?: ModelSpec["input"] | undefined;
  readonly classes?: number | undefined;
}

/** Inputs of a job that are not in its file. */
export interface JobFacts {
  /** As `resolveModel` gives it. */
  readonly model: ModelSpec;
  /** Accuracy of the initial model on the holdout, 0 to 1; by default chance level. */
  readonly initialScore?: number | undefined;
  /** Number of samples that a round is scored on; 0 for own holdouts. */
  readonly holdoutSamples: number;
  /** The token's contract; the wrapper for the native coin. */
  readonly tokenAddress: string;
  readonly tokenFormat: TokenFormat;
  /** The newest block's time, in seconds since 1970. */
  readonly now: number;
}

/** A job's published content. */
export interface JobContent {
  /** The data set's manifest; `undefined` if every trainer uses its own data. */
  readonly manifest: ContentId | undefined;
  readonly initialModel: ContentId;
  /** Merkle root over the keys of a sealed holdout; `undefined` for other holdouts. */
  readonly holdoutRoot?: string | undefined;
}

/** The parameters that do not depend on published content. */
export type JobTerms = Omit<JobParams, "specDigest" | "modelDigest" | "holdoutRoot">;

/** A resolved job file, before its content is published. */
export interface ResolvedJob {
  readonly terms: JobTerms;
  readonly spec: SpecDraft;
  /** Scaling of private data where no data set is published. */
  readonly ownScaling: FeatureScaling;
}

/** A job with its content; only the digest of the specification is missing. */
export interface CompleteJob {
  readonly params: Omit<JobParams, "specDigest">;
  readonly spec: JobSpec;
}

/**
 * Returns the job's model: the file's preset or layers, with the shape and classes of the file or else of the data.
 *
 * @throws JobFileError neither gives the shape and the classes
 */
export function resolveModel(job: JobFile, data: DataFacts = {}): ModelSpec {
  const own = typeof job.model === "string" ? undefined : job.model;
  const input = own?.input ?? job.data.shape ?? data.inputShape;
  const classes = own?.classes ?? job.data.classes ?? data.classes;
  if (input === undefined || classes === undefined) {
    throw new JobFileError("job", [
      { path: ["data"], message: "the shape or the classes are unknown", fix: "Add data.shape and data.classes." },
    ]);
  }
  if (typeof job.model === "string") return { ...PRESETS[job.model](input, classes), seed: job.seed };
  return { input, classes, layers: job.model.layers, seed: job.seed };
}

/**
 * Turns a checked job file into the terms that go on chain and the specification that goes to IPFS. Pure.
 *
 * @throws JobFileError an amount does not fit the token, or the price list begins below the initial model's score
 */
export function resolveJobFile(job: JobFile, facts: JobFacts): ResolvedJob {
  const { committee, scoring, sync, times } = job;
  const startBps = startOf(facts.initialScore ?? 1 / facts.model.classes);
  const money = moneyOf(job, facts.tokenFormat);
  const ownScaling = ownScalingOf(job, facts.model);
  const problems = [
    ...money.problems,
    ...priceListProblems(job, facts.initialScore),
    ...scalingProblems(job, ownScaling, facts.model),
  ];
  if (problems.length > 0) throw new JobFileError("job", problems);

  const holdout = job.data.holdout.kind;
  const [narrowest, widest] = BANDS[holdout];
  const margin = toBps(job.money.margin) ?? standardErrorBps(facts.holdoutSamples);
  const isBarrierless = sync.scheme === "bap";
  const terms: JobTerms = {
    token: facts.tokenAddress,
    ...money.amounts,
    validatorShareBps: job.money.validatorShareBps,
    rounds: job.rounds,
    maxUpdates: job.maxUpdates,
    committeeSize: committee.size,
    minTrainers: job.minTrainers,
    minValidators: committee.minValidators ?? quorum(committee.size),
    holdout,
    scoring: scoring.rule,
    payRule: job.money.payRule,
    clusters: scoring.clusters,
    sync: sync.scheme,
    retrainQuota: sync.retrainQuota ?? QUOTAS[sync.scheme],
    releaseCount: isBarrierless ? sync.releaseCount : 0,
    releaseBps: isBarrierless ? Math.max(1, Math.round(sync.releaseRatio * BPS)) : 0,
    tolerance: scoring.tolerance ?? Math.min(narrowest, scoring.maxTolerance ?? narrowest),
    maxTolerance: scoring.maxTolerance ?? Math.max(widest, scoring.tolerance ?? widest),
    noiseFloor: scoring.noiseFloor,
    acceptance: scoring.acceptance,
    margin,
    targetScore: toBps(job.money.targetScore) ?? 0,
    minTraining: times.minTraining === undefined ? defaultMinTraining(times) : seconds(times.minTraining),
    trainingPeriod: seconds(times.training),
    disclosurePeriod: seconds(times.disclosure),
    scoringPeriod: seconds(times.scoring),
    revealPeriod: seconds(times.reveal),
    attestationPeriod: seconds(times.attestation),
    settlementPeriod: seconds(times.settlement),
    deadline: facts.now + deadlineSeconds(job),
    invitationRoot: job.invited.length === 0 ? NOTHING : addressTree(job.invited).root,
    milestones: milestonesOf(job, startBps, margin),
  };
  return { terms, spec: draftSpec(job, facts.model), ownScaling };
}

/**
 * The scaling of private data where no data set is published: the job file's parameters; else bytes of pictures are
 * divided by 255, and the values of tables stay as they are.
 */
function ownScalingOf({ data: { scaling } }: JobFile, { input }: ModelSpec): FeatureScaling {
  if (typeof scaling === "object") return scaling;
  return scaling === undefined && input.length === 3 ? { kind: "divisor", divisor: 255 } : AS_THEY_ARE;
}

function scalingProblems({ data }: JobFile, own: FeatureScaling, { input }: ModelSpec): readonly JobFileProblem[] {
  const features = input.reduce((product, size) => product * size, 1);
  if (data.folder !== undefined || fitsFeatures(own, features)) return [];
  const message = `the model takes ${features} values, not as many as there are means`;
  return [{ path: ["data", "scaling"], message, fix: "Give a mean and a scale for each value." }];
}

/** Returns the specification without content ids. */
export function draftSpec(job: JobFile, model: ModelSpec): SpecDraft {
  const { name, training, aggregation, serverOptimizer, update, times, invited } = job;
  return specDraft.parse({
    version: 1,
    name,
    model,
    holdout: { kind: job.data.holdout.kind },
    training,
    scoring: { rule: job.scoring.rule, maxEvaluations: job.scoring.maxEvaluations },
    aggregation,
    serverOptimizer,
    update,
    servingSeconds: seconds(times.serving),
    invited,
  });
}

/** Adds published content to a resolved job. */
export function completeJob({ terms, spec, ownScaling }: ResolvedJob, content: JobContent): CompleteJob {
  const { manifest, initialModel, holdoutRoot = NOTHING } = content;
  const data: JobSpec["data"] =
    manifest === undefined ? { kind: "own", scaling: ownScaling } : { kind: "manifest", manifest };
  return {
    params: { ...terms, modelDigest: digestOf(initialModel), holdoutRoot },
    spec: { ...spec, initialModel, data },
  };
}

/**
 * Largest standard error (at accuracy 1/2) of an accuracy measured on `samples`, in basis points, rounded up; 0 for no
 * samples.
 */
export function standardErrorBps(samples: number): number {
  return samples === 0 ? 0 : Math.ceil(BPS * Math.sqrt(0.25 / samples));
}

/** A tenth of Training, so that a trainer that comes back after missing rounds can seal: no round waits for it. */
function defaultMinTraining({ training }: JobFile["times"]): number {
  return Math.floor(seconds(training) / 10);
}

function deadlineSeconds(job: JobFile): number {
  if (job.times.deadline !== undefined) return seconds(job.times.deadline);
  return Math.min(2 * job.rounds * longestRoundSeconds(job) + DAY, MAX_DURATION - DAY);
}

interface Money {
  readonly amounts: Pick<JobTerms, "reward" | "bond" | "seatLock" | "initiatorBond">;
  readonly problems: readonly JobFileProblem[];
}

function moneyOf({ money, data, rounds }: JobFile, format: TokenFormat): Money {
  const problems: JobFileProblem[] = [];
  const parsed = (key: "reward" | "bond" | "seatLock" | "initiatorBond"): bigint | undefined => {
    if (money[key] === undefined) return undefined;
    try {
      return parseMoney(String(money[key]), format);
    } catch (error) {
      if (!(error instanceof CommonweightError)) throw error;
      problems.push({ path: ["money", key], message: error.message, fix: error.hint });
      return undefined;
    }
  };
  const reward = parsed("reward") ?? 1n;
  const least = data.holdout.kind === "sealed" ? leastInitiatorBond(reward, rounds) : 0n;
  const initiatorBond = parsed("initiatorBond") ?? least;
  if (initiatorBond < least) {
    const fix = "Raise it, or leave it out: the default is just that.";
    problems.push({
      path: ["money", "initiatorBond"],
      message: "must be at least one round's pay, reward / rounds",
      fix,
    });
  }
  const amounts = {
    reward,
    bond: parsed("bond") ?? part(reward, 100n),
    seatLock: parsed("seatLock") ?? part(reward, 10n),
    initiatorBond,
  };
  return { amounts, problems };
}

/** `amount / divisor`, but at least one smallest unit: the contract refuses zero. */
function part(amount: bigint, divisor: bigint): bigint {
  return amount < divisor ? 1n : amount / divisor;
}

/**
 * Checks that the initial model earns nothing from the job file's price list.
 *
 * @param initialScore accuracy of the initial model, 0 to 1; `undefined` if unknown
 */
export function priceListProblems(job: JobFile, initialScore: number | undefined): readonly JobFileProblem[] {
  const { milestones } = job.money;
  const first = milestones === undefined || milestones === "none" ? undefined : toBps(milestones[0]?.[0]);
  if (initialScore === undefined || first === undefined) return [];
  const startBps = startOf(initialScore);
  if (first >= startBps) return [];
  const start = startBps / BPS;
  return [
    {
      path: ["money", "milestones", 0, 0],
      message: `the initial model's accuracy is already ${start}`,
      fix: `Begin the price list at ${start} or above.`,
    },
  ];
}

function milestonesOf(job: JobFile, startBps: number, margin: number): readonly Milestone[] {
  const { milestones } = job.money;
  const canHave = job.scoring.rule === "contribution" && job.data.holdout.kind !== "own";
  if (milestones === "none" || (milestones === undefined && !canHave)) return [];
  if (milestones !== undefined) {
    return milestones.map(([score, share]) => ({
      scoreBps: Math.round(score * BPS),
      shareBps: Math.round(share * BPS),
    }));
  }
  // The list is read a margin below the score, so the goal must leave room for the margin.
  const goal = Math.min(Math.max(DEFAULT_GOAL_BPS, startBps + 100), BPS - margin);
  return priceList(startBps, goal);
}

/**
 * Returns the default price list from the first model's accuracy to a goal. It rises even if that accuracy is above it.
 */
export function priceList(startBps: number, goalBps: number): readonly Milestone[] {
  const start = Math.min(startBps, goalBps - LEAST_WAY_BPS);
  return DEFAULT_CURVE.map(([way, share]) => ({
    scoreBps: Math.round(start + way * (goalBps - start)),
    shareBps: Math.round(share * BPS),
  }));
}

/** The accuracy from which progress counts, in basis points. */
function startOf(initialScore: number): number {
  return Math.ceil(initialScore * BPS);
}

function toBps(value: number | undefined): number | undefined {
  return value === undefined ? undefined : Math.round(value * BPS);
}

function seconds(duration: string): number {
  const value = secondsOf(duration);
  if (value === undefined) throw new Error(`not a duration: ${duration}`);
  return value;
}
