import type { Engine } from "../../engine/port.ts";

/** Opens the engine that scores: an initiator computes with it what validators will. */
export async function openScoringEngine(): Promise<Engine> {
  const { openWasmEngine } = await import("../../engine/wasm.ts");
  return openWasmEngine("Validators score on the embedded engine.");
}
