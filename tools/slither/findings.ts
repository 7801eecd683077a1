import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { z } from "zod";

import { withFreshBuild } from "../build/fresh-build.ts";
import { runProgram } from "../programs/run-program.ts";

/** Guards against a hang; not a performance target. */
const TIMEOUT_MS = 900_000;

/** File and first line of an element. */
export interface Place {
  readonly file: string;
  readonly line: number;
}

/** One finding of Slither about our contracts. */
export interface Finding {
  readonly detector: string;
  readonly impact: string;
  readonly text: string;
  /** The statement that the finding is about. */
  readonly place: Place;
  /** All elements of the finding: function, statements, variables. */
  readonly places: readonly Place[];
  /** For re-entrancy: the statements with external calls. */
  readonly calls: readonly Place[];
}

const element = z.object({
  name: z.string(),
  source_mapping: z.object({ filename_relative: z.string(), lines: z.array(z.int()) }),
  additional_fields: z.object({ underlying_type: z.string().optional() }).optional(),
});
type Element = z.infer<typeof element>;
const detection = z.object({
  check: z.string(),
  impact: z.string(),
  description: z.string(),
  elements: z.array(element),
});
const report = z.object({
  success: z.boolean(),
  error: z.string().nullable(),
  results: z.object({ detectors: z.array(detection).default([]) }),
});

/**
 * Runs Slither on a fresh build; returns its findings about our contracts, also silenced ones.
 *
 * @param program Slither's path
 * @throws if Slither fails
 */
export function slitherFindings(program: string): Promise<readonly Finding[]> {
  return withFreshBuild((folder) => findingsIn(folder, program));
}

async function findingsIn(folder: string, program: string): Promise<readonly Finding[]> {
  const results = join(folder, "findings.json");
  const options = [".", "--ignore-compile", "--show-ignored-findings", "--json", results];
  const { output } = await runProgram(program, options, {
    folder,
    // Slither calls `npx hardhat`, which must run under this Node.
    environment: { PATH: `${dirname(process.execPath)}:${process.env["PATH"] ?? ""}` },
    timeoutMs: TIMEOUT_MS,
  });
  if (!existsSync(results)) throw new Error(`Slither failed: ${output.trim().slice(-500)}`);
  const { success, error, results: found } = report.parse(JSON.parse(readFileSync(results, "utf8")));
  if (!success) throw new Error(`Slither failed: ${error ?? "no reason given"}`);
  return found.detectors.flatMap(findingOf);
}

function findingOf({ check, impact, description, elements }: z.infer<typeof detection>): readonly Finding[] {
  const [first] = elements;
  if (first === undefined || !placeOf(first).file.startsWith("contracts/")) return [];
  // The first element is the function, the second the statement.
  const [, second = first] = elements.filter((one) => placeOf(one).file === placeOf(first).file);
  return [
    {
      detector: check,
      impact,
      text: description.trim(),
      place: placeOf(second),
      places: elements.map(placeOf),
      calls: elements.filter(leavesContract).map(placeOf),
    },
  ];
}

/** Whether an element is an external call; Slither also lists internal calls that lead to one. */
function leavesContract({ name, additional_fields: more }: Element): boolean {
  return more?.underlying_type?.startsWith("external_call") === true && /\.\w+[({]/.test(name);
}

function placeOf({ source_mapping: { filename_relative: file, lines } }: Element): Place {
  return { file, line: lines[0] ?? 0 };
}
