import { secondsOf } from "./duration.ts";
import type { JobFileProblem } from "./job-file-error.ts";
import type { JobFile } from "./job-file-schema.ts";
import { openingPeriod, TIMED_PHASES } from "../protocol/job-params.ts";
import { BPS, MAX_DURATION, MAX_PERIOD, MAX_SERVING, ROBUST_SEATS } from "../protocol/limits.ts";

/** A rule across fields; skipped if a field that it reads is itself invalid. */
interface Rule {
  /** Dotted paths, each with everything below it. A breach is reported at the first. */
  readonly reads: readonly [string, ...string[]];
  /** Returns the message and the fix of a breach; `undefined` if the job obeys the rule. */
  readonly breach: (job: JobFile) => readonly [message: string, fix: string] | undefined;
}

/** Checks a well-formed job file against the rules that span several fields. */
export function brokenRules(job: JobFile, mistaken: readonly (readonly PropertyKey[])[]): readonly JobFileProblem[] {
  return breachesOf([...RULES, ...amountRules(), ...periodRules()], job, mistaken);
}

/** Returns warnings about settings that are allowed but unwise. */
export function warningsFor(job: JobFile): readonly JobFileProblem[] {
  return breachesOf(WARNINGS, job, []);
}

/**
 * A round's longest duration, in seconds; stale synchronous Training can take twice its period, and a sealed shard has
 * to be opened.
 */
export function longestRoundSeconds({ data, times, sync }: JobFile): number {
  const extension = sync.scheme === "ssp" ? (secondsOf(times.training) ?? 0) : 0;
  const disclosurePeriod = secondsOf(times.disclosure) ?? 0;
  const opening = openingPeriod({ holdout: data.holdout.kind, disclosurePeriod });
  return TIMED_PHASES.reduce((sum, phase) => sum + (secondsOf(times[phase]) ?? 0), extension + opening);
}

const RULES: readonly Rule[] = [
  {
    reads: ["data.folder", "data.manifest"],
    breach: ({ data }) =>
      data.folder !== undefined && data.manifest !== undefined
        ? ["folder and manifest exclude each other", "Keep the one that the data comes from."]
        : undefined,
  },
  {
    reads: ["data", "data.folder", "data.manifest", "data.partition", "data.holdout"],
    breach: ({ data }) =>
      hasDataSet(data) || needsNoDataSet(data)
        ? undefined
        : ["no data set is given", "Add folder or manifest, or set both partition.kind and holdout.kind to own."],
  },
  {
    reads: ["data", "data.folder", "data.manifest", "data.shape", "data.classes", "model"],
    breach: ({ data, model }) => {
      const own = typeof model === "string" ? undefined : model;
      const known = (data.shape ?? own?.input) !== undefined && (data.classes ?? own?.classes) !== undefined;
      return hasDataSet(data) || !needsNoDataSet(data) || known
        ? undefined
        : ["without a data set, the shape and the classes are unknown", "Add data.shape and data.classes."];
    },
  },
  {
    reads: ["data.scaling", "data.folder", "data.manifest"],
    breach: ({ data }) =>
      (data.scaling === "columns" || data.scaling === "divisor") && data.folder === undefined
        ? [
            "there is no folder to compute the scaling from",
            "Write the parameters, such as {kind: divisor, divisor: 255}, or none; a manifest has its own.",
          ]
        : undefined,
  },
  {
    reads: ["data.manifest", "data.scaling", "data.table"],
    breach: ({ data }) =>
      data.manifest !== undefined && (data.scaling !== undefined || data.table !== undefined)
        ? ["a published data set has its scaling and columns", "Remove scaling and table, or name the folder."]
        : undefined,
  },
  {
    reads: ["data.partition.shares", "data.partition.parts"],
    breach: ({ data: { partition } }) =>
      partition.kind === "iid" && partition.shares !== undefined && partition.shares.length !== partition.parts
        ? [`there are ${partition.shares.length} shares for ${partition.parts} parts`, "Give one share for each part."]
        : undefined,
  },
  {
    reads: ["aggregation.rule", "scoring.rule"],
    breach: ({ aggregation, scoring }) =>
      aggregation.rule === "trust" && scoring.rule !== "accuracy"
        ? ["the rule trust needs the scoring rule accuracy", "Set scoring.rule to accuracy, or this to fedavg."]
        : undefined,
  },
  {
    reads: ["money.milestones", "scoring.rule"],
    breach: ({ money, scoring }) =>
      hasMilestones(money) && scoring.rule !== "contribution"
        ? ["milestones need the scoring rule contribution", "Set scoring.rule to contribution, or milestones to none."]
        : undefined,
  },
  {
    reads: ["money.milestones", "data.holdout.kind"],
    breach: ({ money, data }) =>
      hasMilestones(money) && data.holdout.kind === "own"
        ? ["milestones need a common holdout", "Set data.holdout.kind to sealed, or milestones to none."]
        : undefined,
  },
  {
    reads: ["money.milestones"],
    breach: ({ money }) => (hasMilestones(money) ? priceListFault(money.milestones) : undefined),
  },
  {
    reads: ["money.targetScore", "data.holdout.kind"],
    breach: ({ money, data }) =>
      money.targetScore !== undefined && data.holdout.kind === "own"
        ? ["a target score needs a common holdout", "Set data.holdout.kind to sealed, or remove it."]
        : undefined,
  },
  {
    reads: ["data.holdout.kind", "data.folder"],
    breach: ({ data }) =>
      data.holdout.kind === "sealed" && data.folder === undefined
        ? ["a sealed holdout is packed when the job is posted", "Name the data set's folder: data.folder."]
        : undefined,
  },
  {
    reads: ["money.initiatorBond", "data.holdout.kind"],
    breach: ({ money, data }) =>
      money.initiatorBond !== undefined && data.holdout.kind !== "sealed"
        ? ["an initiator's bond needs a sealed holdout", "Set data.holdout.kind to sealed, or remove it."]
        : undefined,
  },
  {
    reads: ["scoring.clusters", "data.holdout.kind"],
    breach: ({ scoring, data }) =>
      scoring.clusters && data.holdout.kind === "own"
        ? ["clusters need a common holdout", "Set data.holdout.kind to sealed, or this to false."]
        : undefined,
  },
  {
    reads: ["scoring.maxTolerance", "scoring.tolerance"],
    breach: ({ scoring: { tolerance, maxTolerance } }) =>
      tolerance !== undefined && maxTolerance !== undefined && maxTolerance < tolerance
        ? [`must not be less than tolerance, ${tolerance}`, `Write ${tolerance} or more.`]
        : undefined,
  },
  {
    reads: ["scoring.maxTolerance", "data.holdout.kind"],
    breach: ({ scoring, data }) =>
      scoring.maxTolerance !== undefined && data.holdout.kind !== "own"
        ? ["on a common holdout the band has one width, tolerance", "Set data.holdout.kind to own, or remove it."]
        : undefined,
  },
  {
    reads: ["times.minTraining", "times.training"],
    breach: ({ times }) =>
      (secondsOf(times.minTraining ?? "0s") ?? 0) > (secondsOf(times.training) ?? 0)
        ? [`must not be longer than training, ${times.training}`, "Shorten it, or lengthen training."]
        : undefined,
  },
  {
    reads: ["times.deadline", "times", "data.holdout.kind", ...TIMED_PHASES.map((phase) => `times.${phase}`)],
    breach: (job) => {
      const seconds = secondsOf(job.times.deadline ?? "");
      if (seconds === undefined) return undefined;
      if (seconds > MAX_DURATION) return ["must not be later than three years from now", "Write 1095d or less."];
      const longest = longestRoundSeconds(job);
      return seconds < longest
        ? [`must not be shorter than one round, up to ${longest} s`, `Write ${longest}s or more.`]
        : undefined;
    },
  },
  {
    reads: ["times.serving"],
    breach: ({ times }) =>
      (secondsOf(times.serving) ?? 0) > MAX_SERVING
        ? ["must not be longer than a year", "Write 365d or less."]
        : undefined,
  },
];

const WARNINGS: readonly Rule[] = [
  {
    reads: ["data.scaling", "data"],
    breach: ({ data }) =>
      data.scaling === undefined && !hasDataSet(data) && data.shape?.length !== 3
        ? [
            "own data are not scaled: every worker uses its values as they are",
            "Give a folder with a sample of the data, or the means and scales of the columns: data.scaling.",
          ]
        : undefined,
  },
  {
    reads: ["committee.size"],
    breach: ({ committee }) =>
      committee.size < ROBUST_SEATS
        ? [
            "fewer than 5 seats do not survive one dishonest and one absent validator",
            "Set it to 5 or more; 7 is usual.",
          ]
        : undefined,
  },
  {
    reads: ["data.holdout.kind"],
    breach: ({ data }) =>
      data.holdout.kind === "public"
        ? [
            "trainers know a public holdout and can fit their updates to it",
            "Keep samples of your own for a last check.",
          ]
        : undefined,
  },
  {
    reads: ["times.deadline"],
    breach: (job) => {
      const seconds = secondsOf(job.times.deadline ?? "");
      return seconds !== undefined && seconds < job.rounds * longestRoundSeconds(job)
        ? [`${job.rounds} rounds may not fit`, "Lengthen it, or shorten the phases, if every round matters."]
        : undefined;
    },
  },
  {
    reads: ["maxUpdates"],
    breach: (job) =>
      job.minTrainers > job.maxUpdates
        ? [
            `a round has room for ${job.maxUpdates} of ${job.minTrainers} trainers`,
            "Raise it; else only the first take part.",
          ]
        : undefined,
  },
];

/** The contract refuses amounts of zero. */
function amountRules(): readonly Rule[] {
  return (["reward", "bond", "seatLock", "initiatorBond"] as const).map((key) => ({
    reads: [`money.${key}`],
    breach: ({ money }) =>
      /[1-9]/.test(String(money[key] ?? 1)) ? undefined : ["must be more than 0", "Write a positive amount."],
  }));
}

function periodRules(): readonly Rule[] {
  return TIMED_PHASES.map((phase) => ({
    reads: [`times.${phase}`],
    breach: ({ times }) => {
      const seconds = secondsOf(times[phase]) ?? 0;
      return seconds < 1 || seconds > MAX_PERIOD
        ? ["must be between 1 s and 30 days", "Write a duration such as 10m."]
        : undefined;
    },
  }));
}

type Milestones = Exclude<JobFile["money"]["milestones"], "none" | undefined>;

function hasMilestones(money: JobFile["money"]): money is JobFile["money"] & { milestones: Milestones } {
  return money.milestones !== undefined && money.milestones !== "none";
}

function priceListFault(milestones: Milestones): readonly [string, string] | undefined {
  const points = milestones.map(([score, share]) => [Math.round(score * BPS), Math.round(share * BPS)] as const);
  if (points[0]?.[1] !== 0) return ["the first milestone earns a share", "Begin with a share of 0."];
  if (points.at(-1)?.[1] !== BPS) return ["the last milestone does not earn everything", "End with a share of 1."];
  const rises = points.every(([score, share], i) => {
    const [scoreBefore, shareBefore] = points[i - 1] ?? [-1, 0];
    return score > scoreBefore && share >= shareBefore;
  });
  return rises
    ? undefined
    : ["the milestones do not rise", "Order them by accuracy, each share no less than the one before."];
}

function hasDataSet(data: JobFile["data"]): boolean {
  return data.folder !== undefined || data.manifest !== undefined;
}

function needsNoDataSet(data: JobFile["data"]): boolean {
  return data.partition.kind === "own" && data.holdout.kind === "own";
}

function breachesOf(
  rules: readonly Rule[],
  job: JobFile,
  mistaken: readonly (readonly PropertyKey[])[],
): JobFileProblem[] {
  const bad = mistaken.map((path) => path.map(String).join("."));
  return rules.flatMap(({ reads, breach }) => {
    if (reads.some((path) => bad.some((one) => touches(one, path)))) return [];
    const found = breach(job);
    return found === undefined ? [] : [{ path: reads[0].split("."), message: found[0], fix: found[1] }];
  });
}

/** Whether one of the paths contains the other. */
function touches(a: string, b: string): boolean {
  return a === "" || a === b || a.startsWith(`${b}.`) || b.startsWith(`${a}.`);
}
