import { z } from "zod";

import { addressText, tokenText } from "../address.ts";
import { aggregationSpec, serverOptimizerSpec, updateSpec } from "../spec/aggregation-spec.ts";
import { DURATION } from "./duration.ts";
import { contentId, jobName, trainingSpec } from "../spec/job-spec.ts";
import { JOB_PARAMS } from "../protocol/job-params.ts";
import { featureScaling } from "../spec/feature-scaling.ts";
import { BPS, MAX_EVALUATIONS, MAX_MILESTONES, MAX_UPDATES, MIN_MILESTONES, ROBUST_SEATS } from "../protocol/limits.ts";
import { modelSpec } from "../spec/model-spec.ts";
import { PRESET_NAMES } from "../spec/presets.ts";
import { looksLikeMoney } from "./money.ts";
import { MAX_SCORE, MIN_SCORE } from "../protocol/scores.ts";

/** Numeric parameters on chain whose values the job file sets directly. */
type WholeParameter =
  | "validatorShareBps"
  | "rounds"
  | "maxUpdates"
  | "committeeSize"
  | "minTrainers"
  | "minValidators"
  | "retrainQuota"
  | "releaseCount";

/** A parameter's range in the contract. */
function whole(name: WholeParameter) {
  const { least, most } = JOB_PARAMS[name];
  return z.int().min(least).max(most);
}

const share = z.number().min(0).max(1);
const scoreUnits = z.int().min(0).max(BPS);
const seed = z.int().min(0).max(0xffff_ffff).default(0);
const duration = z.string().regex(DURATION, "expected a duration such as 30s, 10m, 2h or 7d");
/** Digits of a decimal number that every double keeps (IEEE 754). */
const EXACT_DIGITS = 15;
// A union's error names its forms and begins with "Write": `job-file-issues.ts` prints it as the fix.

/** A JSON number holds an amount of few digits only; `job.yaml` keeps the text of its numbers. */
const money = z
  .union(
    [
      z.string().max(100),
      z
        .number()
        .min(0)
        .refine(isExact, {
          error: "a number does not keep these digits exactly",
          params: { fix: "Put it in quotes." },
        }),
    ],
    "Write an amount in whole coins of the token, such as 10 or 0.5, or with a unit, such as 30 gwei.",
  )
  .refine((amount) => typeof amount === "number" || looksLikeMoney(amount), {
    error: "expected an amount",
    params: { fix: "Write a plain decimal number with or without a unit, such as 10, 0.25 or 30 gwei." },
  });

function isExact(amount: number): boolean {
  const text = String(amount);
  return looksLikeMoney(text) && text.replace(/^[0.]+|\D/g, "").length <= EXACT_DIGITS;
}

const parts = z.int().min(1).max(1_000).default(8).describe("Parts that the training samples are split into.");

const partition = z
  .discriminatedUnion("kind", [
    z.strictObject({
      kind: z.literal("iid"),
      parts,
      shares: z.array(z.number().positive()).max(1_000).optional().describe("Relative sizes of the parts."),
      seed,
    }),
    z.strictObject({
      kind: z.literal("dirichlet"),
      parts,
      alpha: z
        .number()
        .positive()
        .max(1_000)
        .default(0.5)
        .describe("Concentration: smaller values make the parts differ more."),
      seed,
    }),
    z.strictObject({
      kind: z.literal("shards"),
      parts,
      shardsPerPart: z.int().min(1).max(1_000).default(2).describe("Single-class shards in each part."),
      seed,
    }),
    z.strictObject({ kind: z.literal("own").describe("Every trainer uses its own data.") }),
  ])
  .prefault({ kind: "iid" })
  .describe("How the samples are split among the trainers.");

const model = z
  .union(
    [
      z.enum(PRESET_NAMES),
      z.strictObject({
        layers: modelSpec.shape.layers,
        input: modelSpec.shape.input.optional().describe("Shape of one sample; default from the data."),
        classes: modelSpec.shape.classes.optional().describe("Number of classes; default from the data."),
      }),
    ],
    `Write ${PRESET_NAMES.join(", ")}, or {layers: [...]}.`,
  )
  .describe(`${PRESET_NAMES.join(", ")}, or layers of your own.`);

/** A column's name, or its number from 1. */
const column = z
  .union([z.string().min(1).max(200), z.int().min(1).max(1_048_576)], "Write a column's name, or its number from 1.")
  .transform(String);

const table = z
  .strictObject({
    label: column.optional().describe("The label's column: its name, or its number from 1; found out if left out."),
    header: z.boolean().optional().describe("Whether the first line is a header; found out if left out."),
    leaveOut: z.array(column).max(1_000).optional().describe("Columns to leave out: names, or numbers from 1."),
    keepIndex: z.boolean().optional().describe("Whether a column that numbers the rows is kept; left out by default."),
    skipMissing: z
      .boolean()
      .optional()
      .describe("Whether rows with missing values are left out; the table is refused by default."),
  })
  .describe("What a CSV file's look does not settle.");

const scaling = z
  .union(
    [z.enum(["columns", "divisor", "none"]), featureScaling],
    "Write columns, divisor, none, or the parameters, such as {kind: divisor, divisor: 255}.",
  )
  .describe(
    "columns standardises each column (default for tables), divisor divides by the largest value (default for " +
      "pictures), none keeps values; or the parameters, where trainers and validators use their own data.",
  );

const data = z.strictObject({
  folder: z.string().min(1).max(4_096).optional().describe("Folder with the data set; it is packed and published."),
  manifest: contentId.optional().describe("Content id of a published data set."),
  shape: modelSpec.shape.input.optional().describe("Shape of one sample, if the data set does not give it."),
  classes: modelSpec.shape.classes.optional().describe("Number of classes, if there is no data set."),
  scaling: scaling.optional(),
  table: table.optional(),
  partition,
  holdout: z
    .strictObject({
      kind: z.enum(["public", "sealed", "own"]).default("public").describe("Whose data the validators score on."),
      share: z.number().min(0.01).max(0.5).default(0.2).describe("Part of the samples kept for scoring."),
      publicShare: z
        .number()
        .min(0.01)
        .max(0.4)
        .default(0.05)
        .describe("sealed: public part of the samples, for scoring if a round's shard is unreadable."),
    })
    .prefault({}),
});

const scoring = z
  .strictObject({
    rule: z.enum(["contribution", "accuracy"]).default("contribution").describe("What a score measures."),
    maxEvaluations: z
      .int()
      .min(1)
      .max(MAX_EVALUATIONS)
      .default(500)
      .describe("Evaluations a validator spends on a round."),
    tolerance: scoreUnits
      .min(1)
      .optional()
      .describe("Band around the consensus, in score units; on own holdouts the narrowest."),
    maxTolerance: scoreUnits
      .min(1)
      .optional()
      .describe("Widest band around the consensus on own holdouts, in score units."),
    noiseFloor: scoreUnits.default(0).describe("Scores up to here earn nothing."),
    acceptance: z.int().min(MIN_SCORE).max(MAX_SCORE).default(0).describe("Scores below here earn nothing."),
    clusters: z.boolean().default(false).describe("Whether near-clones share one weight; not on own holdouts."),
  })
  .prefault({});

const milestone = z.tuple([
  share.describe("Accuracy, 0 to 1."),
  share.describe("Share of the trainers' reward, 0 to 1."),
]);

const moneySection = z.strictObject({
  token: tokenText.default("native").describe("native, or the address of an ERC-20 token."),
  reward: money.describe("Paid for the whole job, in whole tokens or with a unit."),
  bond: money.optional().describe("A trainer's collateral; default 1 % of the reward."),
  seatLock: money.optional().describe("Collateral of one seat; default 10 % of the reward."),
  validatorShareBps: whole("validatorShareBps")
    .default(1_500)
    .describe("Validators' part of the reward in basis points."),
  initiatorBond: money
    .optional()
    .describe(
      "sealed holdouts: burned unless every round's shard is opened; default and least: one round's pay, reward / rounds.",
    ),
  payRule: z
    .enum(JOB_PARAMS.payRule.names)
    .default("by-gain")
    .describe("by-gain pays updates in proportion to their scores, equal pays all counted updates the same."),
  milestones: z
    .union(
      [z.literal("none"), z.array(milestone).min(MIN_MILESTONES).max(MAX_MILESTONES)],
      "Write none, or a list of [accuracy, share], such as [[0.3, 0], [0.92, 1]].",
    )
    .optional()
    .describe("Price list: [accuracy, share of the trainers' reward earned]; none for an equal budget per round."),
  margin: share.optional().describe("Subtracted from an accuracy before the list is read; default one standard error."),
  targetScore: share.optional().describe("Accuracy at which the job ends early."),
});

const times = z
  .strictObject({
    minTraining: duration
      .optional()
      .describe(
        "Shortest Training, the time of a trainer that nobody waits for; default a tenth of training, 0s for none.",
      ),
    training: duration.default("10m"),
    disclosure: duration.default("2m"),
    scoring: duration.default("10m"),
    reveal: duration.default("2m"),
    attestation: duration.default("10m"),
    settlement: duration.default("2m"),
    serving: duration
      .default("7d")
      .describe("How long initiator and validators serve the released models after the job closed; 365d at most."),
    deadline: duration.optional().describe("From now; default twice the longest duration of all rounds, plus a day."),
  })
  .prefault({})
  .describe("Lengths of a round's phases, which end early when everyone has acted, and of the job.");

const sync = z
  .strictObject({
    scheme: z
      .enum(JOB_PARAMS.sync.names)
      .default("bsp")
      .describe(
        "bsp waits for all expected trainers, ssp extends once if some are missing, bap closes once enough committed.",
      ),
    retrainQuota: whole("retrainQuota")
      .optional()
      .describe("Updates a trainer may seal in one round; the last counts."),
    releaseRatio: z
      .number()
      .min(0.0001)
      .max(1)
      .default(0.6)
      .describe("bap: share of the expected trainers whose commitments close Training."),
    releaseCount: whole("releaseCount").default(0).describe("bap: commitments that close Training; 0 for none."),
  })
  .prefault({})
  .describe("When Training closes (FLoBC).");

/** The initiator's `job.yaml`: ten lines suffice, everything else has a default. */
export const jobFile = z
  .strictObject({
    name: jobName.describe("Shown to trainers and validators."),
    model,
    data,
    training: trainingSpec.prefault({}),
    scoring,
    aggregation: aggregationSpec.prefault({ rule: "fedavg" }),
    serverOptimizer: serverOptimizerSpec.prefault({ kind: "none" }),
    update: updateSpec.prefault({}),
    sync,
    money: moneySection,
    times,
    rounds: whole("rounds").default(10),
    committee: z
      .strictObject({
        size: whole("committeeSize").default(7).describe(`Seats; ${ROBUST_SEATS} or more are robust.`),
        minValidators: whole("minValidators")
          .optional()
          .describe("Fewest validators for a round to open, more than half of the seats; two thirds unless given."),
      })
      .prefault({}),
    invited: z
      .array(addressText)
      .max(1_000)
      .default([])
      .describe("Addresses that may join as trainers; everyone unless given."),
    minTrainers: whole("minTrainers").default(1).describe("Fewest trainers for a round to open."),
    maxUpdates: whole("maxUpdates").default(MAX_UPDATES).describe("Most updates in a round."),
    seed: seed.describe("Seed of the initial weights."),
  })
  .meta({ title: "Commonweight job", description: "A job for strangers to train a neural network, paid by contract." });

/**
 * A checked job file, defaults filled in. Amounts and durations are still text; `resolveJobFile` turns them into
 * numbers.
 */
export type JobFile = z.infer<typeof jobFile>;

/** Keys of the section `money` that are text whatever YAML makes of them: amounts, and the token's address. */
export const LITERAL_MONEY_KEYS: readonly string[] = Object.entries(moneySection.shape).flatMap(([key, field]) =>
  [money, tokenText].some((literal) => isBuiltOn(field, literal)) ? [key] : [],
);

/** Whether a schema is another one with a default, a description or optional. */
function isBuiltOn(schema: z.core.$ZodType, base: z.core.$ZodType): boolean {
  if (schema === base) return true;
  const { parent, def } = schema._zod;
  const inner = "innerType" in def ? def.innerType : undefined;
  return [parent, inner].some((next) => next instanceof z.core.$ZodType && isBuiltOn(next, base));
}

/** JSON schema of `job.yaml` for editors; published as `sdk/job-file/job-schema.json`. */
export function jobFileJsonSchema(): Record<string, unknown> {
  return { ...z.toJSONSchema(jobFile, { io: "input" }) };
}
