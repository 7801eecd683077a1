import { CommonweightError } from "@commonweight/sdk/errors";
import type { Engine } from "./port.ts";
import { openTfjsNodeEngine } from "./tfjs-node.ts";
import { openWasmEngine } from "./wasm.ts";

/** Engine setting of an operator. */
export type EngineChoice = "auto" | Engine["name"];

/** Opens each engine; the argument is the reason for the choice. */
export interface EngineOpeners {
  readonly wasm: (reason: string) => Promise<Engine>;
  readonly "tfjs-node": (reason: string) => Promise<Engine>;
}

const ENGINES: EngineOpeners = { wasm: openWasmEngine, "tfjs-node": openTfjsNodeEngine };

async function fastestEngine(engines: EngineOpeners): Promise<Engine> {
  try {
    return await engines["tfjs-node"]("It is installed and the fastest.");
  } catch (error) {
    if (!(error instanceof CommonweightError) || error.code !== "ENGINE_UNAVAILABLE") throw error;
    return engines.wasm(`It is embedded; the faster engine is not available: ${error.message}`);
  }
}

/**
 * Opens the configured engine for training; `auto` uses tfjs-node if it loads, otherwise WASM.
 *
 * Scoring does not use this function: it always opens `openWasmEngine`.
 *
 * @throws CommonweightError `ENGINE_UNAVAILABLE` if `tfjs-node` is configured by name and does not load.
 */
export async function openEngine(choice: EngineChoice, engines: EngineOpeners = ENGINES): Promise<Engine> {
  switch (choice) {
    case "auto":
      return fastestEngine(engines);
    case "wasm":
    case "tfjs-node":
      return engines[choice]("The configuration asks for it.");
  }
}
