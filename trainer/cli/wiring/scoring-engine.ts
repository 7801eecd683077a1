import type { Engine } from "../../engine/port.ts";

/** Opens the scoring engine, with which an initiator gets the same figures as the validators. */
export async function openScoringEngine(): Promise<Engine> {
  const { openWasmEngine } = await import("../../engine/wasm.ts");
  return openWasmEngine("Validators score on the embedded engine.");
}
