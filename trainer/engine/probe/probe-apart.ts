import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { z } from "zod";

import { CommonweightError } from "@commonweight/sdk/errors";
import { environmentOf } from "../native/environment.ts";
import type { EngineChoice } from "../open-engine.ts";
import type { EngineFacts } from "../lazy-engine.ts";

/** Time for opening the engine and the probe; two seconds on an idle machine. */
const LIMIT_MS = 120_000;

const PROGRAM = fileURLToPath(new URL("../../bin/probe-engine.mjs", import.meta.url));

/** What `bin/probe-engine.mjs` prints. */
const outcome = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("ok"),
    engine: z.object({ name: z.enum(["wasm", "tfjs-node"]), version: z.string(), reason: z.string() }),
  }),
  z.object({ kind: z.literal("refused"), code: z.string(), message: z.string(), hint: z.string() }),
]);

/**
 * Opens an engine in a process of its own and runs the probe there, if it is the WASM engine. The process has this
 * one's flags for Node, so that it computes as this one will, and an environment without secrets.
 *
 * @returns what the engine says of itself
 * @throws ENGINE_UNAVAILABLE · ENGINE_NO_SIMD · ENGINE_DIFFERS; `AbortError` on abort
 */
export async function probeApart(choice: EngineChoice, signal: AbortSignal): Promise<EngineFacts> {
  const { stdout } = await promisify(execFile)(process.execPath, [...process.execArgv, PROGRAM, choice], {
    env: environmentOf("engine"),
    timeout: LIMIT_MS,
    signal,
  });
  const result = outcome.parse(JSON.parse(stdout));
  if (result.kind === "refused") throw new CommonweightError(result.code, result.message, result.hint);
  return result.engine;
}
