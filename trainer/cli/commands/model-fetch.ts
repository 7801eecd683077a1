import type { Command } from "commander";
import { z } from "zod";

import { contentIdOf, type ContentId } from "@commonweight/sdk/protocol/content-id";
import { CommonweightError } from "@commonweight/sdk/errors";
import { chooseRelease, type Choice } from "../../roles/releases/choose-release.ts";
import { fetchRelease } from "../../roles/releases/fetch-release.ts";
import type { WrittenFile } from "../../roles/releases/model-shelf.ts";
import { openJob, topicOf } from "../../roles/worker/job-context.ts";
import { readJobView } from "../inputs/read-job-view.ts";
import { readReleases } from "../inputs/read-releases.ts";
import { roundOption } from "../options/number-options.ts";
import { jobIdOption, parseCommonOptions, parseOptions, type CommonOptions } from "../options/options.ts";
import { printResult } from "../text/print-result.ts";
import { untilInterrupted } from "../wiring/until-interrupted.ts";
import type { Exchange } from "../wiring/content.ts";
import { writeModelFolder } from "../wiring/model-folder.ts";
import { withReader, type Reader } from "../wiring/reader.ts";
import { withOwnOrFreeStore } from "../wiring/shared-content.ts";

const options = z.object({ round: roundOption.optional(), out: z.string().min(1), overwrite: z.boolean() });

/** `commonweight model fetch`: writes a released model with what it takes to use it. */
export function addModelFetch(parent: Command): void {
  parent
    .command("fetch")
    .argument("<job>", "the job's number")
    .option("--round <number>", "the round that released the model; default the best confirmed model")
    .option("--out <folder>", "output folder", "model")
    .option("--overwrite", "replace another model's files in the output folder", false)
    .description(
      "download a released model: model.safetensors, model.json for tf.loadLayersModel, and a README.md with examples",
    )
    .action(async (jobText: string, _values: unknown, command: Command) => {
      const common = parseCommonOptions(command.optsWithGlobals());
      const jobId = parseOptions(jobIdOption, jobText);
      const { round, out, overwrite } = parseOptions(options, command.opts());
      await untilInterrupted((signal) =>
        withReader(common, async (reader) => {
          // Read the chain first: a job without the wanted model fails before the content store opens.
          const view = await readJobView(reader, jobId, signal);
          const choice = chooseRelease(await readReleases(reader, view), round);
          const written = await withOwnOrFreeStore(reader.log, common, (exchange) =>
            explained(common, jobId, () => fetchModel(reader, exchange, { jobId, choice, out, overwrite }, signal)),
          );
          printResult(common, written, () => linesOf(written));
        }),
      );
    });
}

interface Wanted {
  readonly jobId: bigint;
  readonly choice: Choice;
  readonly out: string;
  readonly overwrite: boolean;
}

interface Fetched {
  readonly model: ContentId;
  readonly round: number;
  readonly version: number;
  readonly reason: string;
  readonly files: readonly WrittenFile[];
}

async function fetchModel(
  { chain, contracts }: Reader,
  { content, network }: Exchange,
  { jobId, choice: { release, reason }, out, overwrite }: Wanted,
  signal: AbortSignal,
): Promise<Fetched> {
  const place = { chainId: chain.chainId, market: await contracts.market.getAddress() };
  await network.meet(topicOf(place.chainId, place.market, jobId), signal);
  const job = await openJob({ contracts, content }, jobId, signal);
  const files = await writeModelFolder(out, await fetchRelease({ content, place }, job, release, signal), {
    overwrite,
  });
  const { round, version, digest } = release;
  return { model: contentIdOf(digest), round, version, reason, files };
}

function linesOf({ model, round, version, reason, files }: Fetched): readonly string[] {
  return [
    `round ${round}, version ${version}: ${reason}`,
    `model ${model}`,
    ...files.map(({ path, change }) => (change === "written" ? path : `${path} (${change})`)),
  ];
}

/** Says what to try where nobody serves the job's content. */
async function explained<Result>(
  { bootstrap, fetchTimeout }: CommonOptions,
  jobId: bigint,
  fetch: () => Promise<Result>,
): Promise<Result> {
  try {
    return await fetch();
  } catch (error) {
    if (!(error instanceof CommonweightError) || error.code !== "CONTENT_UNAVAILABLE") throw error;
    const steps =
      bootstrap.length === 0
        ? "Give the address of a worker that serves the job: --bootstrap ADDRESS; `job post`, `job watch` and validators print theirs."
        : "Check that a worker at the bootstrap address still runs, or give another's (repeat --bootstrap); on a slow line raise --fetch-timeout.";
    throw new CommonweightError(
      error.code,
      `nobody served the content of job ${jobId} within ${fetchTimeout / 1_000} s: ${error.message}`,
      `${steps} Run the command again: what arrived is kept.`,
      { cause: error },
    );
  }
}
