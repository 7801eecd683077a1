import type { EventEmitter } from "node:events";
import { createRequire } from "node:module";
import { dirname, sep } from "node:path";
import { registerTrainingKernels } from "./kernels/register.ts";
import type { Engine } from "./port.ts";
import { createTensorFlowEngine } from "./tensorflow-engine.ts";
import type { TensorFlow } from "./runtime/tensorflow.ts";

/** The process's only WASM backend, as a promise: opening it twice at the same time would break both. */
let opening: Promise<TensorFlow> | undefined;

/**
 * Opens TensorFlow.js's WASM backend with our kernels: silent, one thread, binaries only from `node_modules`.
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
  registerTrainingKernels(tf);
  setWasmPaths(dirname(createRequire(import.meta.url).resolve("@tensorflow/tfjs-backend-wasm")) + sep);
  setThreadsCount(1);
  if (!(await withoutNewErrorListeners(() => tf.setBackend("wasm"))))
    throw new Error("The WASM backend does not start.");
  return tf;
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
 * Uses SIMD where Node has it, and one thread. All WASM engines of a process share one backend.
 */
export async function openWasmEngine(
  reason = "It is embedded and gives the same result on every machine.",
): Promise<Engine> {
  return createTensorFlowEngine(await openWasmBackend(), "wasm", { name: "wasm", reason });
}
