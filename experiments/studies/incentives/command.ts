import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { Command, InvalidArgumentError } from "commander";

import { openMarket, type Market } from "../../lab/market.ts";
import { play } from "../../lab/run/play.ts";
import { plotSvg } from "../../lab/report/plot.ts";
import { checkLines, page, plotOf, type Measured } from "./report.ts";
import { codeIn, fingerprint, readResults, writeResults, type Results } from "../../lab/report/results.ts";
import { STUDIES } from "./studies.ts";
import { Samples, type Figures, type Sample, type Study } from "../../lab/study.ts";

export const summary = "what attackers earn and honest agents lose, in eleven kinds of attack (rows D1 to D11)";

const HERE = fileURLToPath(new URL(".", import.meta.url));
/** Code that the results of every row depend on. */
const SHARED_CODE = ["../../lab", "../../adversaries"];

interface Options {
  readonly rows: readonly Study[];
  readonly seeds: number;
  readonly results: string;
  readonly page: string;
  readonly fresh?: boolean;
  readonly report?: boolean;
}

/** Measures the study row by row, and writes its page after each row. */
export async function run(argv: readonly string[]): Promise<void> {
  const program = new Command("incentives")
    .description(summary)
    .option("--rows <ids>", "rows to measure, such as D1,D4; default all", rowsOf, [...STUDIES])
    .option("--seeds <n>", "runs of every case", seedsOf, 20)
    .option("--results <folder>", "folder for the results of each seed", join(HERE, "results"))
    .option("--page <folder>", "output folder for README.md and its figures", HERE)
    .option("--fresh", "discard earlier results and measure again")
    .option("--report", "write the page from saved results, without measuring");
  const options = program.parse([...argv], { from: "user" }).opts<Options>();
  if (options.report !== true) {
    // Hashed at the start, because a file may change while an earlier row runs.
    const rows = options.rows.map((study) => ({ study, code: fingerprint(codeOf(study)) }));
    const market = await openMarket();
    for (const { study, code } of rows) {
      await measure(market, study, code, options);
      await report(options);
    }
  }
  await report(options);
  for (const study of options.rows) {
    const results = readResults(options.results, study.id);
    console.log(results === undefined ? `${study.id}  NOT RUN` : checkLines(study, results).join("\n"));
  }
}

/** The files that a row's results depend on. */
function codeOf({ file }: Study): readonly string[] {
  return [...SHARED_CODE.flatMap((folder) => codeIn(join(HERE, folder))), join(HERE, "rows", file)];
}

/** Runs a row's missing cases, seed by seed; an interrupted measurement resumes where it stopped. */
async function measure(
  market: Market,
  study: Study,
  code: string,
  { seeds, results: folder, fresh }: Options,
): Promise<void> {
  const kept = fresh === true ? undefined : readResults(folder, study.id);
  if (kept !== undefined && kept.fingerprint !== code) console.error(`${study.id}: the code changed, measuring again`);
  let results: Results = kept?.fingerprint === code ? kept : { fingerprint: code, seconds: 0, samples: [] };
  for (let seed = 1; seed <= seeds; seed++) {
    const start = performance.now();
    const missing = study.cases.filter(
      ({ name }) => !results.samples.some((sample) => sample.case === name && sample.seed === seed),
    );
    if (missing.length === 0) continue;
    const samples: Sample[] = [];
    for (const one of missing) {
      const scenario = await one.scenario(seed);
      const outcome = await play(market, scenario, seed);
      const figures = await one.measure(outcome, scenario, seed);
      samples.push({ case: one.name, seed, attempts: outcome.records.length, figures: rounded(figures) });
    }
    const seconds = (performance.now() - start) / 1_000;
    results = { ...results, seconds: results.seconds + seconds, samples: [...results.samples, ...samples] };
    await writeResults(folder, study.id, results);
    console.error(`${study.id} seed ${seed}/${seeds}: ${missing.length} jobs in ${seconds.toFixed(1)} s`);
  }
}

/** Rounds to eight significant digits, to keep the files short. */
function rounded(figures: Figures): Figures {
  return Object.fromEntries(Object.entries(figures).map(([key, value]) => [key, Number(value.toPrecision(8))]));
}

async function report({ results: folder, page: pageFolder }: Options): Promise<void> {
  const rows: Measured[] = STUDIES.map((study) => {
    const results = readResults(folder, study.id);
    return { study, results, isCurrent: results?.fingerprint === fingerprint(codeOf(study)) };
  });
  await mkdir(join(pageFolder, "figures"), { recursive: true });
  await writeFile(join(pageFolder, "README.md"), page(rows));
  for (const { study, results } of rows) {
    const plot = results && plotOf(study, new Samples(results.samples));
    if (plot !== undefined) await writeFile(join(pageFolder, "figures", `${plot.name}.svg`), await plotSvg(plot));
  }
}

function rowsOf(text: string): Study[] {
  return text.split(",").map((id) => {
    const study = STUDIES.find((one) => one.id === id.trim().toUpperCase());
    if (study !== undefined) return study;
    throw new InvalidArgumentError(`unknown row ${id}; rows: ${STUDIES.map((one) => one.id).join(", ")}`);
  });
}

function seedsOf(text: string): number {
  const seeds = Number(text);
  if (Number.isSafeInteger(seeds) && seeds >= 1) return seeds;
  throw new InvalidArgumentError("expected a whole number, 1 or more");
}
