import type { EventEmitter } from "node:events";
import { createRequire } from "node:module";
import { dirname, sep } from "node:path";
import { CommonweightError } from "@commonweight/sdk/errors";
import { registerTrainingKernels } from "./kernels/register.ts";
import type { Engine } from "./port.ts";
import { createTensorFlowEngine } from "./tensorflow-engine.ts";
import type { TensorFlow } from "./runtime/tensorflow.ts";

/** The process's only WASM backend, as a promise: opening it twice at the same time would break both. */
let opening: Promise<TensorFlow> | undefined;

/**
 * Opens TensorFlow.js's WASM backend with our gradient kernels: silent, binaries from `node_modules` only.
 *
 * Of its three binaries it loads the one with SIMD and without threads. The one without SIMD sums in another order, and
 * threads would divide the work by the number of processors: either changes the last bits of a result.
 *
 * @throws CommonweightError `ENGINE_NO_SIMD`.
 */
export function openWasmBackend(): Promise<TensorFlow> {
  opening ??= startWasmBackend();
  return opening;
}

async function startWasmBackend(): Promise<TensorFlow> {
  const tf = await import("@tensorflow/tfjs-core");
  tf.enableProdMode();
  // The Node build of tfjs-core lacks gradients; loading tfjs-layers registers them.
  await import("@tensorflow/tfjs-layers");
  const { setThreadsCount, setWasmPaths } = await import("@tensorflow/tfjs-backend-wasm");
  await pinBinary(tf);
  registerTrainingKernels(tf);
  setWasmPaths(dirname(createRequire(import.meta.url).resolve("@tensorflow/tfjs-backend-wasm")) + sep);
  setThreadsCount(1);
  if (!(await withoutNewErrorListeners(() => tf.setBackend("wasm"))))
    throw new Error("The WASM backend does not start.");
  return tf;
}

/** Makes TensorFlow.js choose the binary with SIMD and without threads. Its backend must be loaded, but not started. */
async function pinBinary(tf: TensorFlow): Promise<void> {
  // The flag tests whether this WebAssembly accepts an instruction of SIMD; `false` where there is no WebAssembly.
  if ((await tf.env().getAsync("WASM_HAS_SIMD_SUPPORT")) !== true) throw noSimd();
  tf.env().set("WASM_HAS_MULTITHREAD_SUPPORT", false);
}

/** `ENGINE_NO_SIMD`: this machine would compute losses that no other validator gets. */
function noSimd(): CommonweightError {
  return new CommonweightError(
    "ENGINE_NO_SIMD",
    `Node ${process.version} has no WebAssembly SIMD on this machine, and losses computed without it differ from those ` +
      "of all other machines.",
    "Use a processor with SSE4.1 (x86-64 since 2008) or a 64-bit ARM, and start Node without flags that turn SIMD or " +
      "WebAssembly off.",
  );
}

/**
 * Removes the process-wide error listeners that Emscripten installs at start: the worker handles its own errors.
 */
async function withoutNewErrorListeners<T>(start: () => Promise<T>): Promise<T> {
  const emitter: EventEmitter = process;
  const before = ["uncaughtException", "unhandledRejection"].map((event) => ({
    event,
    known: emitter.listeners(event),
  }));
  try {
    return await start();
  } finally {
    for (const { event, known } of before) {
      const added = emitter.listeners(event).filter((listener) => !known.includes(listener));
      for (const listener of added) emitter.off(event, listener as (...args: unknown[]) => void);
    }
  }
}

/**
 * Opens the embedded engine: TensorFlow.js on WebAssembly. It needs no installation, and a seed gives the same bytes.
 *
 * Requires SIMD and uses one thread. All WASM engines of a process share one backend.
 *
 * @throws CommonweightError `ENGINE_NO_SIMD`.
 */
export async function openWasmEngine(
  reason = "It is embedded and gives the same result on every machine.",
): Promise<Engine> {
  return createTensorFlowEngine(await openWasmBackend(), "wasm", { name: "wasm", reason });
}
