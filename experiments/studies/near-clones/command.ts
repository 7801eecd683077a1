import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { Command, Option } from "commander";

import { openWasmEngine } from "../../../trainer/engine/wasm.ts";
import { loadDataSetFolder } from "../../../trainer/data/folders/data-set-folder.ts";
import { measure, type Bench, type Pair } from "./measure.ts";
import { linePlotSvg } from "../../../scripts/plot/line-plot.ts";
import { clonesPlot } from "./plot.ts";
import { pairsCsv, parsePairs } from "./pairs-file.ts";
import { curveCsv, reportText, summaryCsv } from "./report.ts";
import { DATA_SETS, SHARINGS, type DataSetName, type Setting } from "./setting.ts";

export const summary = "similarity of predictions of honest updates and clones, to choose the cluster threshold";

const HERE = fileURLToPath(new URL(".", import.meta.url));
const DATA = fileURLToPath(new URL("../../data", import.meta.url));
const EPOCHS = [1, 5] as const;

interface Options {
  readonly data: readonly DataSetName[];
  readonly seeds: number;
  readonly out: string;
  readonly figures: string;
  readonly pairs?: string;
  readonly from?: readonly string[];
}

/** Measures the similarity of honest updates and clones; writes distributions, threshold curves and a plot. */
export async function run(argv: readonly string[]): Promise<void> {
  const program = new Command("near-clones")
    .description(summary)
    .addOption(new Option("--data <names...>", "data sets").choices(DATA_SETS).default(DATA_SETS))
    .option("--seeds <n>", "runs of every setting", Number, 3)
    .option("--out <folder>", "output folder for summary.csv and curve.csv", join(HERE, "results"))
    .option("--figures <folder>", "output folder for near-clones.svg", join(HERE, "figures"))
    .option("--pairs <file>", "write all pairs to this CSV file")
    .option("--from <files...>", "evaluate pairs written by `--pairs`, without training");
  const options = program.parse([...argv], { from: "user" }).opts<Options>();
  const pairs =
    options.from === undefined
      ? await measureAll(settings(options.data, options.seeds))
      : await readPairs(options.from);
  if (options.pairs !== undefined) await writeFile(options.pairs, pairsCsv(pairs));
  await mkdir(options.out, { recursive: true });
  await mkdir(options.figures, { recursive: true });
  await writeFile(join(options.out, "summary.csv"), summaryCsv(pairs));
  await writeFile(join(options.out, "curve.csv"), curveCsv(pairs));
  await writeFile(join(options.figures, "near-clones.svg"), await linePlotSvg(clonesPlot(pairs)));
  console.log(reportText(pairs));
}

async function readPairs(files: readonly string[]): Promise<Pair[]> {
  const pairs: Pair[] = [];
  for (const file of files) pairs.push(...parsePairs(await readFile(file, "utf8")));
  return pairs;
}

function settings(dataSets: readonly DataSetName[], seeds: number): Setting[] {
  return dataSets.flatMap((dataSet) =>
    SHARINGS.flatMap((sharing) =>
      EPOCHS.flatMap((epochs) =>
        Array.from({ length: seeds }, (_, at): Setting => ({ dataSet, preset: "2nn", sharing, epochs, seed: at + 1 })),
      ),
    ),
  );
}

async function measureAll(list: readonly Setting[]): Promise<Pair[]> {
  const { signal } = new AbortController();
  const bench = await openBench();
  const pairs: Pair[] = [];
  for (const [at, setting] of list.entries()) {
    const start = performance.now();
    const data = await loadDataSetFolder(
      join(DATA, setting.dataSet),
      setting.dataSet === "digits" ? { shape: [8, 8, 1] } : {},
    );
    for await (const pair of measure(bench, data, setting, signal)) pairs.push(pair);
    const seconds = ((performance.now() - start) / 1000).toFixed(0);
    const { dataSet, sharing, epochs, seed } = setting;
    console.error(`${at + 1}/${list.length} ${dataSet} ${sharing}, ${epochs} epochs, seed ${seed}: ${seconds} s`);
  }
  return pairs;
}

/** Uses the scoring engine, which gives the same figures on every machine. */
async function openBench(): Promise<Bench> {
  const engine = await openWasmEngine();
  return {
    engine,
    predict: ({ model, holdout }, weights, signal) => engine.predict({ model, weights, samples: holdout }, signal),
  };
}
