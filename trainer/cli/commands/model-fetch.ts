import { writeFile } from "node:fs/promises";
import { join } from "node:path";

import type { Command } from "commander";
import { z } from "zod";

import { contentIdOf, type ContentDigest, type ContentId } from "@commonweight/sdk/protocol/content-id";
import { CommonweightError } from "@commonweight/sdk/errors";
import { readJobParams, readRound } from "@commonweight/sdk/chain/read-job";
import { makeFolder } from "../../make-folder.ts";
import { exportLayersModel } from "../../model/export-layers-model.ts";
import { writeSafetensors } from "../../model/safetensors.ts";
import { openJob, topicOf } from "../../roles/worker/job-context.ts";
import { fetchModel } from "../../roles/worker/model-file.ts";
import { roundOption } from "../options/number-options.ts";
import { jobIdOption, parseCommonOptions, parseOptions, type CommonOptions } from "../options/options.ts";
import { printResult } from "../text/print-result.ts";
import { untilInterrupted } from "../wiring/until-interrupted.ts";
import { withContent, withReaderContent, type Exchange } from "../wiring/content.ts";
import { withReader, type Reader } from "../wiring/reader.ts";

const options = z.object({ round: roundOption.optional(), out: z.string().min(1) });

/** `commonweight model fetch`: writes a released model as safetensors and as a TensorFlow.js layers model. */
export function addModelFetch(parent: Command): void {
  parent
    .command("fetch")
    .argument("<job>", "the job's number")
    .option("--round <number>", "the round that released the model; default the newest model")
    .option("--out <folder>", "output folder for model.safetensors and model.json with its weights", "model")
    .description("download a released model as safetensors and as model.json for tf.loadLayersModel")
    .action(async (jobText: string, _values: unknown, command: Command) => {
      const common = parseCommonOptions(command.optsWithGlobals());
      const jobId = parseOptions(jobIdOption, jobText);
      const { round, out } = parseOptions(options, command.opts());
      await untilInterrupted((signal) =>
        withReader(common, async (reader) => {
          // Read the chain first: an unknown job fails before the content store opens.
          await readJobParams(reader.contracts, jobId);
          const digest = await digestFor(reader, jobId, round, signal);
          const written = await withOwnContent(common, (exchange) =>
            writeModel(reader, exchange, { jobId, digest, out }, signal),
          );
          printResult(common, written, () => [`model ${written.model}`, ...written.files]);
        }),
      );
    });
}

/** Opens the account's content store, which may have the model already; if a worker locks it, the readers' store. */
async function withOwnContent<Result>(
  common: CommonOptions,
  use: (exchange: Exchange) => Promise<Result>,
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
}

/** Fetches a model and writes its weights, without the server optimiser's state. */
async function writeModel(
  { chain, contracts }: Reader,
  { content, network }: Exchange,
  { jobId, digest, out }: Wanted,
  signal: AbortSignal,
): Promise<{ readonly model: ContentId; readonly files: readonly string[] }> {
  await network.meet(topicOf(chain.chainId, await contracts.market.getAddress(), jobId), signal);
  const job = await openJob({ contracts, content }, jobId, signal);
  const { weights } = await fetchModel(content, job, digest, signal);
  const files = {
    "model.safetensors": writeSafetensors(job.layout, weights),
    ...exportLayersModel(job.spec.model, weights),
  };
  makeFolder(out);
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
    "Omit --round for the newest model; `commonweight job show` lists the rounds.",
  );
}
