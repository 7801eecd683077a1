import type { CommonweightError } from "@commonweight/sdk/errors";
import { lazyEngine } from "../../engine/lazy-engine.ts";
import type { Engine } from "../../engine/port.ts";
import { probeApart } from "../../engine/probe/probe-apart.ts";
import type { CaseResult } from "../../engine/probe/run-probe.ts";

const REASON = "Scoring runs on the embedded engine, so that all validators get identical scores.";

/**
 * Opens the scoring engine, with which an initiator gets the same figures as the validators.
 *
 * @throws ENGINE_NO_SIMD
 */
export async function openScoringEngine(): Promise<Engine> {
  const { openWasmEngine } = await import("../../engine/wasm.ts");
  return openWasmEngine(REASON);
}

/**
 * Checks in a process of its own that a validator's engine computes the probe as committed, and opens it here at its
 * first work.
 *
 * @throws ENGINE_NO_SIMD · ENGINE_DIFFERS
 */
export async function openValidatorEngine(signal: AbortSignal): Promise<Engine> {
  const { name, version } = await probeApart("wasm", signal);
  return lazyEngine({ name, version, reason: REASON }, openScoringEngine);
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
