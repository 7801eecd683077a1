import { printFigures, type Figure } from "../bench/figures.ts";
import { totalLine } from "../jobs/suite-result.ts";
import { recordResult } from "./results.ts";

/** `--record`, for the options of a gate; `CW_RECORD=1` in the environment does the same for all gates. */
export const RECORD_OPTION = { type: "boolean", default: process.env["CW_RECORD"] === "1" } as const;

export interface GateEnd {
  /** Name in tools/evidence/gates.ts; `undefined` where the run was not the gate's own, for example shorter. */
  readonly gate: string | undefined;
  readonly figures: readonly Figure[];
  /** Whether to keep the figures for docs/evidence.md. */
  readonly record: boolean;
}

/** Prints a gate's figures and, last, how many are met; keeps them where asked; sets the exit status. */
export function finishGate({ gate, figures, record }: GateEnd): void {
  const met = printFigures(figures);
  if (record && gate !== undefined) recordResult(gate, figures);
  if (record && gate === undefined) console.log("NOT RECORDED: these options are not the gate's own");
  process.exitCode = met ? 0 : 1;
  const passed = figures.filter((figure) => figure.met).length;
  console.log(totalLine([{ name: gate ?? "", passed, failed: figures.length - passed, skipped: 0 }]));
}

/** Ends a gate that cannot run here: counted as skipped, with the reason. */
export function gateNotRun(reason: string): void {
  console.log(`NOT RUN: ${reason}`);
  process.exitCode = 0;
  console.log(totalLine([{ name: "", passed: 0, failed: 0, skipped: 1 }]));
}
