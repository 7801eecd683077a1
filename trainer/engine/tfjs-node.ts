import { createRequire } from "node:module";
import { CommonweightError } from "@commonweight/sdk/errors";
import type { Engine } from "./port.ts";
import { createTensorFlowEngine } from "./tensorflow-engine.ts";
import type { TensorFlow } from "./runtime/tensorflow.ts";

/** Loads `@tensorflow/tfjs-node`: an optional package, so nothing but its name stands here. */
export type LoadTfjsNode = () => Promise<unknown>;

/** The backend that tfjs-node registers. */
const BACKEND = "tensorflow";

/** Anything that tfjs-node asks of Node's old `util`, and newer Nodes dropped. */
interface OldUtil {
  isNullOrUndefined?: (value: unknown) => boolean;
  isArray?: (value: unknown) => boolean;
}

/** tfjs-node calls two functions of `util` that newer Nodes dropped or deprecate. */
function restoreOldUtil(): void {
  // Adapter: CommonJS modules share one mutable `util`, which its types do not say.
  const util = createRequire(import.meta.url)("node:util") as OldUtil;
  util.isNullOrUndefined = (value) => value === null || value === undefined;
  util.isArray = Array.isArray;
}

async function importTfjsNode(): Promise<unknown> {
  const specifier: string = "@tensorflow/tfjs-node";
  return import(specifier);
}

/** tfjs-node is CommonJS and builds its exports as it runs, so they all stand under `default`. */
function exportsOf(loaded: unknown): TensorFlow {
  const module = typeof loaded === "object" && loaded !== null && "default" in loaded ? loaded.default : loaded;
  return module as TensorFlow;
}

/** Says in one line why the engine is not there; the whole error stays in `cause`. */
function unavailable(cause: unknown): CommonweightError {
  const missing = cause instanceof Error && "code" in cause && cause.code === "ERR_MODULE_NOT_FOUND";
  const message = cause instanceof Error ? cause.message.split("\n", 1)[0] : String(cause);
  return new CommonweightError(
    "ENGINE_UNAVAILABLE",
    missing ? "@tensorflow/tfjs-node is not installed." : `@tensorflow/tfjs-node does not load: ${message}`,
    "Run `commonweight engine install`, or choose the engine `wasm`, which needs nothing.",
    { cause },
  );
}

async function loadBackend(load: LoadTfjsNode): Promise<TensorFlow> {
  // The TensorFlow library itself greets on standard error, unless its log level is raised before it is loaded.
  process.env["TF_CPP_MIN_LOG_LEVEL"] ??= "2";
  restoreOldUtil();
  const tf = exportsOf(await load());
  tf.enableProdMode();
  if (!(await tf.setBackend(BACKEND))) throw new Error("The TensorFlow library does not start.");
  return tf;
}

/**
 * Opens the engine on the TensorFlow library, by the optional package `@tensorflow/tfjs-node`: faster, uses every core.
 *
 * Its results differ from the WASM engine's in the last bits, so it trains and never scores.
 *
 * @param load - how to load the package; tests bring their own
 * @throws CommonweightError `ENGINE_UNAVAILABLE` where the package or its library does not load.
 */
export async function openTfjsNodeEngine(
  reason = "It was asked for.",
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
