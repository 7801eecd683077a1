import type { Command } from "commander";
import { stringify } from "yaml";
import { z } from "zod";

import { jobFile, type JobFile } from "@commonweight/sdk/job-file/job-file-schema";
import { featuresOf } from "../../data/labelled-data.ts";
import { loadJobFolder, type DataSetOnIpfs, type JobData } from "../../roles/initiator/job-data.ts";
import { numberList, numberOption } from "../options/number-options.ts";
import { parseCommonOptions, parseOptions } from "../options/options.ts";
import { addTableOptions, tableChoices, tableOptions } from "../options/table-options.ts";
import { columns, printResult } from "../text/print-result.ts";
import { reportLines, scalingText } from "../text/data-text.ts";
import { untilInterrupted } from "../wiring/until-interrupted.ts";
import { withContent } from "../wiring/content.ts";

const options = z.object({
  partition: z.enum(["iid", "dirichlet", "shards"]),
  parts: numberOption.optional(),
  alpha: numberOption.optional(),
  shardsPerPart: numberOption.optional(),
  shares: numberList.optional(),
  holdout: numberOption.optional(),
  seed: numberOption.optional(),
  shape: numberList.optional(),
  scaling: z.enum(["columns", "divisor", "none"]).optional(),
  ...tableOptions,
});

/** `commonweight data pack`: publishes a data set and prints its `data` section for the job file. */
export function addDataPack(parent: Command): void {
  addTableOptions(parent.command("pack"))
    .argument("<folder>", "one CSV file or an IDX pair, plain or gzipped, or a subfolder of pictures for each class")
    .option("--partition <kind>", "iid, dirichlet or shards", "iid")
    .option("--parts <number>", "number of parts, one per trainer")
    .option("--alpha <number>", "dirichlet: concentration; smaller values make parts differ more")
    .option("--shards-per-part <number>", "shards: single-class shards per part")
    .option("--shares <list>", "iid: relative sizes of the parts, such as 3,2,1")
    .option("--holdout <share>", "share of the samples kept for scoring, 0.01 to 0.5; 0 for none")
    .option("--seed <number>", "seed of the partition")
    .option("--shape <list>", "shape of one sample, such as 28,28,1; pictures are brought to it")
    .option("--scaling <kind>", "columns (default for tables), divisor (default for pictures) or none")
    .description("publish a data set from this account's content store")
    .action(async (folder: string, _values: unknown, command: Command) => {
      const common = parseCommonOptions(command.optsWithGlobals());
      const section = dataSection(folder, parseOptions(options, command.opts()));
      await untilInterrupted(async (signal) => {
        const data = await loadJobFolder(folder, section, 0);
        const published = await withContent(common, ({ content }) => data.publish(content, signal));
        printResult(common, resultOf(data, published), () => linesOf(data, published, section));
      });
    });
}

/** The options as the `data` section of a job file, checked and given defaults by the job file's schema. */
function dataSection(folder: string, values: z.infer<typeof options>): JobFile["data"] {
  const { partition: kind, parts, alpha, shardsPerPart, shares, holdout, seed, shape, scaling } = values;
  const partition = {
    kind,
    ...defined({ parts: parts ?? shares?.length, seed }),
    ...defined({ alpha, shardsPerPart, shares }),
  };
  const kept = holdout === 0 ? { kind: "own" } : { kind: "public", ...defined({ share: holdout }) };
  return parseOptions(jobFile.shape.data, {
    folder,
    partition,
    holdout: kept,
    ...defined({ shape, scaling }),
    table: tableChoices(values),
  });
}

function defined(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

function resultOf(data: JobData, { id, manifest }: DataSetOnIpfs): object {
  const { inputShape, classes, classNames, scaling, report, parts, holdoutSamples } = data;
  const bytes = [...manifest.parts, manifest.holdout].flatMap(({ slices }) => slices.map((slice) => slice.bytes));
  return {
    manifest: id,
    inputShape,
    classes,
    ...{ classNames, scaling: scalingText(scaling), ...report },
    parts,
    holdout: holdoutSamples,
    slices: bytes.length,
    bytes: bytes.reduce((sum, size) => sum + size, 0),
  };
}

function linesOf(data: JobData, { id, manifest }: DataSetOnIpfs, section: JobFile["data"]): readonly string[] {
  const bytesOf = (slices: readonly { bytes: number }[]) => slices.reduce((sum, { bytes }) => sum + bytes, 0);
  const rows = [...manifest.parts.entries()].map(([index, { samples, slices }]) => [
    `part ${index}`,
    `${samples} samples`,
    `${bytesOf(slices)} bytes`,
  ]);
  const { samples, slices } = manifest.holdout;
  const fragment = { data: { manifest: id, holdout: { kind: section.holdout.kind } } };
  return [
    ...reportLines(data),
    "",
    `published ${id}`,
    `${data.classes} classes, samples of ${data.inputShape.join(" x ")} = ${featuresOf(data.inputShape)} values`,
    ...columns([...rows, ["holdout", `${samples} samples`, `${bytesOf(slices)} bytes`]], "  "),
    "",
    "for job.yaml:",
    "",
    ...stringify(fragment).trimEnd().split("\n"),
    "",
    "`commonweight job post` with the same key serves this data set.",
  ];
}
