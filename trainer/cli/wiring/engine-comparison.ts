import { CommonweightError } from "@commonweight/sdk/errors";
import type { PresetComparison } from "../../engine/comparison/compare-engines.ts";
import type { Engine } from "../../engine/port.ts";
import { openScoringEngine } from "./scoring-engine.ts";

/** The training engine beside WASM, or why there is none. */
export type OtherEngine =
  | { readonly kind: "open"; readonly engine: Engine }
  | { readonly kind: "unavailable"; readonly reason: string; readonly hint: string };

/** All presets on the engines of this machine. */
export interface EngineComparison {
  readonly other: OtherEngine;
  readonly presets: readonly PresetComparison[];
  /** `ENGINE_DEVIATES` if the other engine trains otherwise. */
  readonly failure: CommonweightError | undefined;
}

/**
 * Trains and evaluates all presets on WASM, and on tfjs-node where it loads.
 *
 * @throws ENGINE_NO_SIMD; the signal's reason on abort
 */
export async function compareTrainingEngines(signal: AbortSignal): Promise<EngineComparison> {
  const { compareEngines } = await import("../../engine/comparison/compare-engines.ts");
  const { deviationError } = await import("../../engine/comparison/require-close.ts");
  const wasm = await openScoringEngine();
  const other = await openOther();
  const native = other.kind === "open" ? other.engine : undefined;
  const presets: PresetComparison[] = [];
  for await (const preset of compareEngines(wasm, native, signal)) presets.push(preset);
  return { other, presets, failure: native && deviationError(native, presets) };
}

async function openOther(): Promise<OtherEngine> {
  const { openTfjsNodeEngine } = await import("../../engine/tfjs-node.ts");
  try {
    return { kind: "open", engine: await openTfjsNodeEngine() };
  } catch (error) {
    if (!(error instanceof CommonweightError) || error.code !== "ENGINE_UNAVAILABLE") throw error;
    return { kind: "unavailable", reason: error.message, hint: error.hint };
  }
}
