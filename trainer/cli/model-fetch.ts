import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

import type { Command } from "commander";
import { z } from "zod";

import { CommonweightError } from "../../sdk/errors.ts";
import { readRound } from "../../sdk/read-job.ts";
import { exportLayersModel } from "../ml/export-layers-model.ts";
import { writeSafetensors } from "../ml/safetensors.ts";
import { fetchWeights, openJob, topicOf } from "../roles/job-context.ts";
import type { WorkerModules } from "../roles/modules.ts";
import { jobIdOption, parseCommonOptions, parseOptions } from "./options.ts";
import { untilInterrupted } from "./until-interrupted.ts";
import { withWorker, WORKER_TIMES } from "./wiring.ts";

const options = z.object({
  round: z
    .string()
    .regex(/^[1-9]\d{0,8}$/, "expected a round's number")
    .transform(Number)
    .optional(),
  out: z.string(),
});

/** `commonweight model fetch`: writes a released model as safetensors and as a TensorFlow.js layers model. */
export function addModelFetch(parent: Command): void {
  parent
    .command("fetch")
    .argument("<job>", "the job's number")
    .option("--round <number>", "the round that released it; default the newest")
    .option("--out <folder>", "receives model.safetensors and model.json with its weights", "model")
    .description("write a released model: safetensors, and model.json for tf.loadLayersModel")
    .action(async (jobText: string, _values: unknown, command: Command) => {
      const jobId = parseOptions(jobIdOption, jobText);
      const { round, out } = parseOptions(options, command.opts());
      await withWorker(parseCommonOptions(command.optsWithGlobals()), ({ modules }) =>
        untilInterrupted((signal) => fetchModel(modules, jobId, round, out, signal)),
      );
    });
}

async function fetchModel(
  modules: WorkerModules,
  jobId: bigint,
  round: number | undefined,
  out: string,
  signal: AbortSignal,
): Promise<void> {
  const { chain, content, contracts, log } = modules;
  await content.meet(topicOf(chain.chainId, await contracts.market.getAddress(), jobId), signal);
  const job = await openJob(modules, jobId, WORKER_TIMES.fetchTimeoutMs, signal);
  const digest = await digestFor(modules, jobId, round, signal);
  const weights = await fetchWeights(content, job, digest, WORKER_TIMES.fetchTimeoutMs, signal);
  const layers = exportLayersModel(job.spec.model, weights);
  await mkdir(out, { recursive: true });
  await writeFile(join(out, "model.safetensors"), writeSafetensors(job.layout, weights));
  for (const [name, bytes] of Object.entries(layers)) await writeFile(join(out, name), bytes);
  log.info({ out, digest, files: ["model.safetensors", ...Object.keys(layers)] }, "model written");
}

async function digestFor(
  { chain, contracts }: WorkerModules,
  jobId: bigint,
  round: number | undefined,
  signal: AbortSignal,
): Promise<string> {
  if (round === undefined) return (await contracts.market.jobOf(jobId)).modelDigest;
  const { number } = await chain.head(signal);
  const { result } = await readRound(contracts, jobId, round, number);
  if (result.modelVersion > 0) return result.modelDigest;
  throw new CommonweightError(
    "MODEL_NOT_RELEASED",
    `round ${round} of job ${jobId} released no model`,
    "Leave --round out for the newest model, or see `commonweight job show`.",
  );
}
