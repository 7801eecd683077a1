import type { EngineChoice } from "../../engine/open-engine.ts";
import type { Engine } from "../../engine/port.ts";

/**
 * Opens a trainer's engine. The WASM engine must compute the probe as committed; tfjs-node gives other bits anyway.
 *
 * @throws ENGINE_UNAVAILABLE · ENGINE_NO_SIMD · ENGINE_DIFFERS
 */
export async function openTrainerEngine(choice: EngineChoice, signal: AbortSignal): Promise<Engine> {
  const { openEngine } = await import("../../engine/open-engine.ts");
  const engine = await openEngine(choice);
  if (engine.name === "wasm") {
    const { requireProbe } = await import("../../engine/probe/require-probe.ts");
    await requireProbe(engine, signal);
  }
  return engine;
}
