import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { Command } from "commander";

import { linePlotSvg } from "../../../scripts/plot/line-plot.ts";
import { CASES, isOf, measure, type Sample } from "./measure.ts";
import { exactCsv, seedPlot, withFigures, withSeedTable } from "./report.ts";
import { parseSamples, samplesCsv } from "./samples-file.ts";

export const summary = "what a proposer, an armer, colluding trainers and withholding validators move of a draw";

const HERE = fileURLToPath(new URL(".", import.meta.url));
const README = join(HERE, "README.md");
/** Has the short table; written only with the study's own results. */
const SECURITY = fileURLToPath(new URL("../../../docs/security.md", import.meta.url));

interface Options {
  readonly seeds: number;
  readonly out: string;
  readonly fresh?: boolean;
}

/** Plays the draws that are missing in the results, and writes the study's page and the table of docs/security.md. */
export async function run(argv: readonly string[]): Promise<void> {
  const program = new Command("seed")
    .description(summary)
    .option("--seeds <n>", "samples of every case, of 100 draws each", Number, 10)
    .option("--out <folder>", "output folder for README.md, results/ and figures/", HERE)
    .option("--fresh", "discard earlier results (do so after a change of the draw or of an attack)");
  const { seeds, out, fresh } = program.parse([...argv], { from: "user" }).opts<Options>();
  const file = join(out, "results", "draws.csv");
  await mkdir(join(out, "results"), { recursive: true });
  await mkdir(join(out, "figures"), { recursive: true });

  let samples: readonly Sample[] = fresh !== true && existsSync(file) ? parseSamples(await readFile(file, "utf8")) : [];
  for (let seed = 1; seed <= seeds; seed++) {
    const start = performance.now();
    const missing = CASES.filter((one) => !samples.some((sample) => sample.seed === seed && isOf(one, sample)));
    if (missing.length === 0) continue;
    samples = [...samples, ...missing.map((one) => measure(one, seed))];
    await writeFile(file, samplesCsv(samples));
    const seconds = ((performance.now() - start) / 1_000).toFixed(0);
    console.error(`seed ${seed}/${seeds}: ${missing.length} cases in ${seconds} s`);
  }
  await writeFile(join(out, "results", "exact.csv"), exactCsv());
  await writeFile(join(out, "figures", "trainers.svg"), await linePlotSvg(seedPlot()));
  const readme = await withFigures(await readFile(README, "utf8"), samples);
  await writeFile(join(out, "README.md"), readme);
  if (out === HERE) await writeFile(SECURITY, await withSeedTable(await readFile(SECURITY, "utf8"), samples));
  console.log(readme);
}
