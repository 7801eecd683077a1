import { printFigures, type Figure } from "../bench/figures.ts";
import { totalLine } from "../jobs/suite-result.ts";
import { recordResult } from "./results.ts";

/** The option `--record` of gates; `CW_RECORD=1` in the environment turns it on for all gates. */
export const RECORD_OPTION = { type: "boolean", default: process.env["CW_RECORD"] === "1" } as const;

export interface GateEnd {
  /** Name in tools/evidence/gates.ts; `undefined` if the run does not count for a gate, for example a shorter one. */
  readonly gate: string | undefined;
  readonly figures: readonly Figure[];
  /** Whether to save the figures for docs/evidence.md. */
  readonly record: boolean;
}

/** Prints a gate's figures and the number of met targets, saves them if requested, and sets the exit status. */
export function finishGate({ gate, figures, record }: GateEnd): void {
  const met = printFigures(figures);
  if (record && gate !== undefined) recordResult(gate, figures);
  if (record && gate === undefined) console.log("NOT RECORDED: a gate is only recorded with its default options");
  process.exitCode = met ? 0 : 1;
  const passed = figures.filter((figure) => figure.met).length;
  console.log(totalLine([{ name: gate ?? "", passed, failed: figures.length - passed, skipped: 0 }]));
}

/** Ends a gate that cannot run on this machine: prints the reason and counts it as skipped. */
export function gateNotRun(reason: string): void {
  console.log(`NOT RUN: ${reason}`);
  process.exitCode = 0;
  console.log(totalLine([{ name: "", passed: 0, failed: 0, skipped: 1 }]));
}
