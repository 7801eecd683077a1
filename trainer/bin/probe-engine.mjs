// Opens an engine, runs the probe where it must match, and prints the outcome as JSON: node probe-engine.mjs CHOICE
// A worker runs it in a process of its own, so that the engine's memory is not held while the worker is idle.

import { CommonweightError } from "@commonweight/sdk/errors";

import { openEngine } from "../engine/open-engine.ts";
import { requireProbe } from "../engine/probe/require-probe.ts";

process.stdout.write(JSON.stringify(await outcome()));

async function outcome() {
  try {
    const engine = await openEngine(process.argv[2]);
    // tfjs-node gives other bits anyway.
    if (engine.name === "wasm") await requireProbe(engine, new AbortController().signal);
    return { kind: "ok", engine: { name: engine.name, version: engine.version, reason: engine.reason } };
  } catch (error) {
    if (!(error instanceof CommonweightError)) throw error;
    return { kind: "refused", code: error.code, message: error.message, hint: error.hint };
  }
}
