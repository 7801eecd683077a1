import { createRequire } from "node:module";
import { CommonweightError } from "@commonweight/sdk/errors";
import type { Engine } from "./port.ts";
import { createTensorFlowEngine } from "./tensorflow-engine.ts";
import type { TensorFlow } from "./runtime/tensorflow.ts";

/** Loads `@tensorflow/tfjs-node`. The package is optional, so nothing here imports it statically. */
export type LoadTfjsNode = () => Promise<unknown>;

/** The backend that tfjs-node registers. */
const BACKEND = "tensorflow";

/** Functions of Node's `util` that tfjs-node calls. */
interface OldUtil {
  isNullOrUndefined?: (value: unknown) => boolean;
  isArray?: (value: unknown) => boolean;
}

/** Restores two functions of `util` that tfjs-node calls and newer Node versions removed or deprecated. */
function restoreOldUtil(): void {
  // Adapter: CommonJS modules share one mutable `util`, although its types are read-only.
  const util = createRequire(import.meta.url)("node:util") as OldUtil;
  util.isNullOrUndefined = (value) => value === null || value === undefined;
  util.isArray = Array.isArray;
}

async function importTfjsNode(): Promise<unknown> {
  const specifier: string = "@tensorflow/tfjs-node";
  return import(specifier);
}

/** tfjs-node is CommonJS and builds its exports at run time, so all of them are under `default`. */
function exportsOf(loaded: unknown): TensorFlow {
  const module = typeof loaded === "object" && loaded !== null && "default" in loaded ? loaded.default : loaded;
  return module as TensorFlow;
}

/** Error with the reason in one line and the original error as `cause`. */
function unavailable(cause: unknown): CommonweightError {
  const missing = cause instanceof Error && "code" in cause && cause.code === "ERR_MODULE_NOT_FOUND";
  const message = cause instanceof Error ? cause.message.split("\n", 1)[0] : String(cause);
  return new CommonweightError(
    "ENGINE_UNAVAILABLE",
    missing ? "@tensorflow/tfjs-node is not installed." : `@tensorflow/tfjs-node does not load: ${message}`,
    "Install it (`npm install @tensorflow/tfjs-node`), or choose the engine `wasm`, which needs nothing.",
    { cause },
  );
}

async function loadBackend(load: LoadTfjsNode): Promise<TensorFlow> {
  // The TensorFlow library prints a banner to standard error unless its log level is raised before loading.
  process.env["TF_CPP_MIN_LOG_LEVEL"] ??= "2";
  restoreOldUtil();
  const tf = exportsOf(await load());
  tf.enableProdMode();
  if (!(await tf.setBackend(BACKEND))) throw new Error("The TensorFlow library does not start.");
  return tf;
}

/**
 * Opens the engine on the TensorFlow library from the optional package `@tensorflow/tfjs-node`: faster, on all cores.
 *
 * Its results differ from the WASM engine's in the last bits, so it is used for training, never for scoring.
 *
 * @param load - loads the package; tests pass their own
 * @throws CommonweightError `ENGINE_UNAVAILABLE` if the package or its library does not load.
 */
export async function openTfjsNodeEngine(
  reason = "It was requested.",
  load: LoadTfjsNode = importTfjsNode,
): Promise<Engine> {
  let tf: TensorFlow;
  try {
    tf = await loadBackend(load);
  } catch (cause) {
    throw unavailable(cause);
  }
  return createTensorFlowEngine(tf, BACKEND, { name: "tfjs-node", reason });
}
