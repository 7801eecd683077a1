import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { z } from "zod";

import { readArtifact } from "../../../scripts/chain/artifacts.ts";
import type { Sample } from "../study.ts";

/** Their code creates all others'. */
const CONTRACTS = ["TrainingMarket", "JobLifecycle", "TrainingRounds", "Committees", "ScoringPanel"];
/** What writes pictures and pages changes no figure. */
const NO_FIGURES = /(report|plot|page|command|results)\.ts$/;

const headLine = z.strictObject({
  /** Of the contracts' bytecode and the experiment's code: other code, other figures. */
  fingerprint: z.string(),
  seconds: z.number(),
});

const sampleLine = z.strictObject({
  case: z.string(),
  seed: z.int(),
  attempts: z.int(),
  figures: z.record(z.string(), z.number()),
});

/** What a row has measured so far: a line for the whole, then one a run. */
export type Results = z.infer<typeof headLine> & { readonly samples: readonly Sample[] };

/**
 * Names the code that figures come from, the contracts' and that of `files`: they are measured anew where it changed.
 */
export function fingerprint(files: readonly string[]): string {
  const hash = createHash("sha256");
  for (const contract of CONTRACTS) hash.update(readArtifact(contract).bytecode);
  for (const file of files) hash.update(readFileSync(file));
  return hash.digest("hex").slice(0, 16);
}

/** The files below a folder whose code decides on figures, in the order of their names. */
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

/** Writes all that a row has measured: whole or not at all. */
export async function writeResults(folder: string, id: string, results: Results): Promise<void> {
  const { samples, ...head } = results;
  await mkdir(folder, { recursive: true });
  const file = join(folder, `${id}.jsonl`);
  const lines = [{ ...head, seconds: Math.round(head.seconds) }, ...samples].map((line) => JSON.stringify(line));
  await writeFile(`${file}.new`, `${lines.join("\n")}\n`);
  await rename(`${file}.new`, file);
}
