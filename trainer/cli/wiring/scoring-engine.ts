import type { CommonweightError } from "@commonweight/sdk/errors";
import type { Engine } from "../../engine/port.ts";
import type { CaseResult } from "../../engine/probe/run-probe.ts";

/**
 * Opens the scoring engine, with which an initiator gets the same figures as the validators.
 *
 * @throws ENGINE_NO_SIMD
 */
export async function openScoringEngine(): Promise<Engine> {
  const { openWasmEngine } = await import("../../engine/wasm.ts");
  return openWasmEngine("Scoring runs on the embedded engine, so that all validators get identical scores.");
}

/**
 * Opens a validator's engine, once it has computed the probe as committed.
 *
 * @throws ENGINE_NO_SIMD · ENGINE_DIFFERS
 */
export async function openValidatorEngine(signal: AbortSignal): Promise<Engine> {
  const engine = await openScoringEngine();
  const { requireProbe } = await import("../../engine/probe/require-probe.ts");
  await requireProbe(engine, signal);
  return engine;
}

/** All cases of the probe on the engine that scores, and the error of the first that differs. */
export interface EngineCheck {
  readonly engine: Engine;
  readonly cases: readonly CaseResult[];
  readonly failure: CommonweightError | undefined;
}

/**
 * Computes all cases of the probe.
 *
 * @throws ENGINE_NO_SIMD
 */
export async function checkScoringEngine(signal: AbortSignal): Promise<EngineCheck> {
  const engine = await openScoringEngine();
  const { probeCases } = await import("../../engine/probe/run-probe.ts");
  const { engineDiffers } = await import("../../engine/probe/require-probe.ts");
  const cases: CaseResult[] = [];
  for await (const result of probeCases(engine, signal)) cases.push(result);
  const [failure] = cases.flatMap(({ name, difference }) =>
    difference === undefined ? [] : [engineDiffers(engine, name, difference)],
  );
  return { engine, cases, failure };
}
