import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

import type { Command } from "commander";
import { z } from "zod";

import { contentIdOf, type ContentDigest, type ContentId } from "@commonweight/sdk/protocol/content-id";
import { CommonweightError } from "@commonweight/sdk/errors";
import { readJobParams, readRound } from "@commonweight/sdk/chain/read-job";
import type { ContentStore } from "../../content/port.ts";
import { exportLayersModel } from "../../model/export-layers-model.ts";
import { writeSafetensors } from "../../model/safetensors.ts";
import { openJob, topicOf } from "../../roles/worker/job-context.ts";
import { fetchModel } from "../../roles/worker/model-file.ts";
import { roundOption } from "../options/number-options.ts";
import { jobIdOption, parseCommonOptions, parseOptions, type CommonOptions } from "../options/options.ts";
import { printResult } from "../text/print-result.ts";
import { untilInterrupted } from "../until-interrupted.ts";
import { withContent, withReader, withReaderContent, type Reader } from "../wiring.ts";

const options = z.object({ round: roundOption.optional(), out: z.string().min(1) });

/** `commonweight model fetch`: writes a released model as safetensors and as a TensorFlow.js layers model. */
export function addModelFetch(parent: Command): void {
  parent
    .command("fetch")
    .argument("<job>", "the job's number")
    .option("--round <number>", "the round that released it; default the newest")
    .option("--out <folder>", "receives model.safetensors and model.json with its weights", "model")
    .description("write a released model: safetensors, and model.json for tf.loadLayersModel")
    .action(async (jobText: string, _values: unknown, command: Command) => {
      const common = parseCommonOptions(command.optsWithGlobals());
      const jobId = parseOptions(jobIdOption, jobText);
      const { round, out } = parseOptions(options, command.opts());
      await untilInterrupted((signal) =>
        withReader(common, async (reader) => {
          // What the chain knows comes first: a job that is not there is told at once.
          await readJobParams(reader.contracts, jobId);
          const digest = await digestFor(reader, jobId, round, signal);
          const written = await withOwnContent(common, (content) =>
            writeModel(reader, content, { jobId, digest, out, timeoutMs: common.fetchTimeout }, signal),
          );
          printResult(common, written, () => [`model ${written.model}`, ...written.files]);
        }),
      );
    });
}

/** The account's own store, where the model may lie already; beside a running worker of the account, another one. */
async function withOwnContent<Result>(
  common: CommonOptions,
  use: (content: ContentStore) => Promise<Result>,
): Promise<Result> {
  try {
    return await withContent(common, use);
  } catch (error) {
    if (!(error instanceof CommonweightError) || error.code !== "JOURNAL_LOCKED") throw error;
    return withReaderContent(common, use);
  }
}

interface Wanted {
  readonly jobId: bigint;
  readonly digest: ContentDigest;
  readonly out: string;
  readonly timeoutMs: number;
}

/** Writes the weights alone: the optimiser's state is the committees' business. */
async function writeModel(
  { chain, contracts }: Reader,
  content: ContentStore,
  { jobId, digest, out, timeoutMs }: Wanted,
  signal: AbortSignal,
): Promise<{ readonly model: ContentId; readonly files: readonly string[] }> {
  await content.meet(topicOf(chain.chainId, await contracts.market.getAddress(), jobId), signal);
  const job = await openJob({ contracts, content }, jobId, timeoutMs, signal);
  const { weights } = await fetchModel(content, job, { digest, fetchTimeoutMs: timeoutMs }, signal);
  const files = {
    "model.safetensors": writeSafetensors(job.layout, weights),
    ...exportLayersModel(job.spec.model, weights),
  };
  await mkdir(out, { recursive: true });
  for (const [name, bytes] of Object.entries(files)) await writeFile(join(out, name), bytes);
  return { model: contentIdOf(digest), files: Object.keys(files).map((name) => join(out, name)) };
}

async function digestFor(
  { chain, contracts }: Reader,
  jobId: bigint,
  round: number | undefined,
  signal: AbortSignal,
): Promise<string> {
  if (round === undefined) return (await contracts.lifecycle.jobOf(jobId)).modelDigest;
  const { result } = await readRound(contracts, jobId, round, await chain.head(signal));
  if (result.modelVersion > 0) return result.modelDigest;
  throw new CommonweightError(
    "MODEL_NOT_RELEASED",
    `round ${round} of job ${jobId} released no model`,
    "Leave --round out for the newest model, or see `commonweight job show`.",
  );
}
