import { GATES } from "./gates.ts";
import { readFaults, readNotes } from "./hand-kept.ts";
import { evidencePage } from "./page.ts";
import { readResult, type GateResult } from "./results.ts";

/**
 * Returns the text of docs/evidence.md from the recorded results and the hand-written lists.
 *
 * @param folder folder of the results; default tools/evidence/results
 */
export function currentPage(folder?: string): Promise<string> {
  const results = new Map<string, GateResult>();
  for (const { name } of GATES) {
    const result = readResult(name, folder);
    if (result !== undefined) results.set(name, result);
  }
  return evidencePage({ gates: GATES, results, notes: readNotes(), faults: readFaults() });
}
