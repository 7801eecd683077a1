import { z } from "zod";

import { addressText } from "../address.ts";
import { aggregationSpec, serverOptimizerSpec, updateSpec } from "./aggregation-spec.ts";
import { canonicalJson } from "./canonical-json.ts";
import { digestOf } from "../protocol/content-id.ts";
import { CommonweightError } from "../errors.ts";
import { MAX_EVALUATIONS, MAX_SERVING } from "../protocol/limits.ts";
import { AS_THEY_ARE, featureScaling } from "./feature-scaling.ts";
import { modelSpec } from "./model-spec.ts";

/** Largest specification that is read, in bytes. */
export const MAX_SPEC_BYTES = 65_536;
const MAX_DEPTH = 16;

/** A content id: CIDv1, dag-pb, sha2-256. */
export const contentId = z
  .string()
  .max(100)
  .refine(isContentId, { message: "not a content id (CIDv1, dag-pb, sha2-256)" });

/** A job's name. Canonical JSON cannot represent a lone surrogate. */
export const jobName = z
  .string()
  .min(1)
  .max(80)
  .refine((name) => !/\p{Surrogate}/u.test(name), "contains a lone surrogate");

/** Local training; the same for every trainer. */
export const trainingSpec = z.strictObject({
  optimizer: z.enum(["sgd", "adam"]).default("sgd").describe("Optimizer of the local training."),
  learningRate: z.number().positive().max(10).default(0.1).describe("Step size of the local training."),
  epochs: z.int().min(1).max(100).default(1).describe("Passes over the trainer's data in a round."),
  batchSize: z.int().min(1).max(4_096).default(32).describe("Samples in a training step."),
});

/**
 * A job's specification: what only its workers need. The text is on IPFS; the contract stores its digest.
 *
 * Defaults are written out, so that a later version's defaults do not change a running job.
 */
export const jobSpec = z.strictObject({
  version: z.literal(1),
  name: jobName,
  model: modelSpec,
  /** Initial weights of the first round, as safetensors. */
  initialModel: contentId,
  data: z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("manifest"), manifest: contentId }),
    /** Every trainer and validator uses its own data, scaled alike. */
    z.strictObject({ kind: z.literal("own"), scaling: featureScaling.default(AS_THEY_ARE) }),
  ]),
  holdout: z.strictObject({ kind: z.enum(["public", "sealed", "own"]) }),
  training: trainingSpec,
  scoring: z.strictObject({
    rule: z.enum(["contribution", "accuracy"]),
    /** Most holdout evaluations per round for a validator's Shapley values. */
    maxEvaluations: z.int().min(1).max(MAX_EVALUATIONS),
  }),
  aggregation: aggregationSpec,
  serverOptimizer: serverOptimizerSpec,
  update: updateSpec,
  /** How long its initiator and validators serve the released models after the closing, in seconds of block time. */
  servingSeconds: z.int().min(0).max(MAX_SERVING),
  /** Addresses that may join as trainers; empty for everyone. */
  invited: z.array(addressText).max(1_000),
});

export type JobSpec = z.infer<typeof jobSpec>;

/** A specification without content ids, before its content is published. */
export const specDraft = jobSpec.omit({ initialModel: true, data: true });

export type SpecDraft = z.infer<typeof specDraft>;

/**
 * Serialises a specification to canonical JSON: the bytes published on IPFS.
 *
 * @throws SPEC_TOO_LARGE more than 65,536 bytes
 */
export function serialiseJobSpec(spec: JobSpec): Uint8Array {
  const bytes = new TextEncoder().encode(canonicalJson(jobSpec.parse(spec)));
  requireSize(bytes, "Invite fewer accounts, or publish a sample of the data instead of its means and scales.");
  return bytes;
}

/**
 * Parses an untrusted specification. Accepts only the exact bytes that `serialiseJobSpec` writes: this refuses
 * duplicate keys, `__proto__` and anything else that parsers read differently, and gives a job one content id.
 *
 * @throws SPEC_TOO_LARGE more than 65,536 bytes · SPEC_INVALID
 */
export function parseJobSpec(bytes: Uint8Array): JobSpec {
  requireSize(bytes, HINT);
  const text = decoded(bytes);
  if (depthOf(text) > MAX_DEPTH) throw invalid(`it is nested deeper than ${MAX_DEPTH}`);
  const result = jobSpec.safeParse(parsed(text));
  if (!result.success) throw invalid(z.prettifyError(result.error), result.error);
  if (canonicalJson(result.data) !== text) throw invalid("it is not in canonical form");
  return result.data;
}

const HINT = "Do not take part in this job, or ask its initiator to post it again with this version's `job post`.";

function requireSize({ length }: Uint8Array, hint: string): void {
  if (length <= MAX_SPEC_BYTES) return;
  const message = `the specification has ${length} bytes, more than ${MAX_SPEC_BYTES}`;
  throw new CommonweightError("SPEC_TOO_LARGE", message, hint);
}

function isContentId(text: string): boolean {
  try {
    digestOf(text);
    return true;
  } catch {
    return false; // The schema reports it.
  }
}

function decoded(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw invalid("it is not UTF-8", cause);
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw invalid("it is not JSON", cause);
  }
}

/** The deepest nesting of brackets outside of strings. */
function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{}]/g)) {
    if (token === "[" || token === "{") deepest = Math.max(deepest, ++depth);
    else if (token === "]" || token === "}") depth--;
  }
  return deepest;
}

function invalid(reason: string, cause?: unknown): CommonweightError {
  return new CommonweightError("SPEC_INVALID", `the job's specification is not valid: ${reason}`, HINT, { cause });
}
