import { GATES } from "./gates.ts";
import { readFaults, readNotes } from "./hand-kept.ts";
import { evidencePage } from "./page.ts";
import { readResult, type GateResult } from "./results.ts";

/**
 * Gives docs/evidence.md as the recorded results and the hand-kept lists make it.
 *
 * @param folder where results are kept; the project's own unless given
 */
export function currentPage(folder?: string): Promise<string> {
  const results = new Map<string, GateResult>();
  for (const { name } of GATES) {
    const result = readResult(name, folder);
    if (result !== undefined) results.set(name, result);
  }
  return evidencePage({ gates: GATES, results, notes: readNotes(), faults: readFaults() });
}
