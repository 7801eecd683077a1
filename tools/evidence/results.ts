import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { z } from "zod";

import type { Figure } from "../bench/figures.ts";
import { ROOT } from "../programs/run-tool.ts";
import { GATES } from "./gates.ts";
import { currentRevision } from "./revision.ts";

const FOLDER = join(ROOT, "tools/evidence/results");

const gateResult = z.strictObject({
  gate: z.string(),
  command: z.string(),
  /** Measured commit; a trailing `+` means that there were uncommitted changes. */
  revision: z.string().regex(/^([0-9a-f]{7,40}\+?|unknown)$/),
  /** Date of that commit, YYYY-MM-DD. */
  date: z.iso.date().or(z.literal("unknown")),
  figures: z
    .array(z.strictObject({ what: z.string(), figure: z.string(), target: z.string(), met: z.boolean() }))
    .min(1),
});

/** Figures of a gate's last recorded run. */
export type GateResult = z.infer<typeof gateResult>;

/**
 * Saves a gate's figures and replaces earlier ones.
 *
 * @param folder folder of the results
 */
export function recordResult(gate: string, figures: readonly Figure[], folder: string = FOLDER): void {
  const command = GATES.find(({ name }) => name === gate)?.command;
  if (command === undefined) throw new Error(`tools/evidence/gates.ts has no gate ${gate}`);
  const result = gateResult.parse({ gate, command, ...currentRevision(), figures });
  writeFileSync(pathOf(gate, folder), `${JSON.stringify(result, undefined, 2)}\n`);
}

/**
 * Reads a gate's recorded figures; `undefined` if it was never recorded.
 *
 * @throws if the file is malformed or belongs to another gate
 */
export function readResult(gate: string, folder: string = FOLDER): GateResult | undefined {
  const path = pathOf(gate, folder);
  if (!existsSync(path)) return undefined;
  const result = gateResult.parse(JSON.parse(readFileSync(path, "utf8")));
  if (result.gate !== gate) throw new Error(`${gate}.json contains the result of ${result.gate}`);
  return result;
}

function pathOf(gate: string, folder: string): string {
  return join(folder, `${gate}.json`);
}
