import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdir, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { z } from "zod";

import { readArtifact } from "../../scripts/artifacts.ts";
import type { Sample } from "./study.ts";

const HERE = dirname(fileURLToPath(import.meta.url));
/** What writes pictures and pages changes no figure. */
const NO_FIGURES = /(report|plot|page|command|results)\.ts$/;

const resultFile = z.strictObject({
  /** Of the contracts' bytecode and the experiment's code: other code, other figures. */
  fingerprint: z.string(),
  seconds: z.number(),
  samples: z.array(
    z.strictObject({
      case: z.string(),
      seed: z.int(),
      attempts: z.int(),
      figures: z.record(z.string(), z.number()),
    }),
  ),
});

/** What a row has measured so far. */
export type Results = z.infer<typeof resultFile> & { readonly samples: readonly Sample[] };

/** Names the code that figures come from: they are measured anew where it changed. */
export function fingerprint(studyFile: string): string {
  const hash = createHash("sha256");
  for (const contract of ["TrainingMarket", "JobRounds", "ScoringPanel"]) hash.update(readArtifact(contract).bytecode);
  const own = filesIn(HERE).filter((name) => !name.startsWith("rows/") && !NO_FIGURES.test(name));
  const files = [...own.map((name) => join(HERE, name)), join(HERE, "rows", studyFile)];
  const adversaries = join(HERE, "../adversaries");
  for (const file of [...files, ...filesIn(adversaries).map((name) => join(adversaries, name))]) {
    hash.update(readFileSync(file));
  }
  return hash.digest("hex").slice(0, 16);
}

export function readResults(folder: string, id: string): Results | undefined {
  const file = join(folder, `${id}.json`);
  return existsSync(file) ? resultFile.parse(JSON.parse(readFileSync(file, "utf8"))) : undefined;
}

/** Writes all that a row has measured: whole or not at all. */
export async function writeResults(folder: string, id: string, results: Results): Promise<void> {
  await mkdir(folder, { recursive: true });
  const file = join(folder, `${id}.json`);
  const samples = results.samples.map((sample) => `    ${JSON.stringify(sample)}`).join(",\n");
  const head = `  "fingerprint": "${results.fingerprint}",\n  "seconds": ${Math.round(results.seconds)},\n`;
  await writeFile(`${file}.new`, `{\n${head}  "samples": [\n${samples}\n  ]\n}\n`);
  await rename(`${file}.new`, file);
}

function filesIn(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".ts"))
    .sort();
}
