import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { z } from "zod";

import { readArtifact } from "../../../trainer/local-chain/artifacts.ts";
import type { Sample } from "../study.ts";

/** Contracts whose bytecode is hashed; they determine the results. */
const CONTRACTS = ["TrainingMarket", "JobLifecycle", "TrainingRounds", "Committees", "ScoringPanel"];
/** Files that only write plots and pages, which do not affect results. */
const NO_FIGURES = /(report|plot|page|command|results)\.ts$/;

const headLine = z.strictObject({
  /** Hash of the code that the results depend on; see `fingerprint`. */
  fingerprint: z.string(),
  seconds: z.number(),
});

const sampleLine = z.strictObject({
  case: z.string(),
  seed: z.int(),
  attempts: z.int(),
  figures: z.record(z.string(), z.number()),
});

/** Results of one row: in the file a head line, then one line per run. */
export type Results = z.infer<typeof headLine> & { readonly samples: readonly Sample[] };

/** Hash of the code that a result depends on, contracts and `files`; a change invalidates the result. */
export function fingerprint(files: readonly string[]): string {
  const hash = createHash("sha256");
  for (const contract of CONTRACTS) hash.update(readArtifact(contract).bytecode);
  for (const file of files) hash.update(readFileSync(file));
  return hash.digest("hex").slice(0, 16);
}

/** The files below a folder that results depend on, sorted by name. */
export function codeIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts") && !NO_FIGURES.test(name))
    .sort()
    .map((name) => join(folder, name));
}

export function readResults(folder: string, id: string): Results | undefined {
  const file = join(folder, `${id}.jsonl`);
  if (!existsSync(file)) return undefined;
  const [head, ...samples] = readFileSync(file, "utf8")
    .trim()
    .split("\n")
    .map((line): unknown => JSON.parse(line));
  return { ...headLine.parse(head), samples: samples.map((sample) => sampleLine.parse(sample)) };
}

/** Writes a row's results atomically. */
export async function writeResults(folder: string, id: string, results: Results): Promise<void> {
  const { samples, ...head } = results;
  await mkdir(folder, { recursive: true });
  const file = join(folder, `${id}.jsonl`);
  const lines = [{ ...head, seconds: Math.round(head.seconds) }, ...samples].map((line) => JSON.stringify(line));
  await writeFile(`${file}.new`, `${lines.join("\n")}\n`);
  await rename(`${file}.new`, file);
}
