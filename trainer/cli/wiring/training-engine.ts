import { lazyEngine } from "../../engine/lazy-engine.ts";
import type { EngineChoice } from "../../engine/open-engine.ts";
import type { Engine } from "../../engine/port.ts";
import { probeApart } from "../../engine/probe/probe-apart.ts";

/**
 * Checks a trainer's engine in a process of its own, and opens it here at its first work. The WASM engine must compute
 * the probe as committed; tfjs-node gives other bits anyway.
 *
 * @throws ENGINE_UNAVAILABLE · ENGINE_NO_SIMD · ENGINE_DIFFERS
 */
export async function openTrainerEngine(choice: EngineChoice, signal: AbortSignal): Promise<Engine> {
  const facts = await probeApart(choice, signal);
  return lazyEngine(facts, async () => {
    const { openEngine } = await import("../../engine/open-engine.ts");
    return openEngine(facts.name);
  });
}
