/** Opens the WASM engine, runs the probe and prints its outcome, or an error's code, as one line of JSON. */
import { CommonweightError } from "@commonweight/sdk/errors";
import { runProbe } from "../../../../trainer/engine/probe/run-probe.ts";
import { openWasmEngine } from "../../../../trainer/engine/wasm.ts";

try {
  const result = await runProbe(await openWasmEngine(), new AbortController().signal);
  process.stdout.write(`${JSON.stringify(result)}\n`);
} catch (error) {
  if (!(error instanceof CommonweightError)) throw error;
  process.stdout.write(`${JSON.stringify({ code: error.code })}\n`);
}
