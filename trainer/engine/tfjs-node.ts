import { CommonweightError } from "@commonweight/sdk/errors";
import { loadTfjsNode, prepareForTfjsNode } from "./native/load.ts";
import { installedTfjsNode } from "./native/location.ts";
import type { Engine } from "./port.ts";
import { createTensorFlowEngine } from "./tensorflow-engine.ts";
import type { TensorFlow } from "./runtime/tensorflow.ts";

/** Loads `@tensorflow/tfjs-node`. The package is optional, so nothing here imports it statically. */
export type LoadTfjsNode = () => Promise<unknown>;

/** The backend that tfjs-node registers. */
const BACKEND = "tensorflow";

/** Loads tfjs-node from the folder of `commonweight engine install`, else from where this program's packages are. */
async function loadInstalled(): Promise<unknown> {
  const folder = installedTfjsNode();
  if (folder !== undefined) return loadTfjsNode(folder);
  prepareForTfjsNode();
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
    "Run `commonweight engine install`, or choose the engine `wasm`, which needs nothing.",
    { cause },
  );
}

async function loadBackend(load: LoadTfjsNode): Promise<TensorFlow> {
  const tf = exportsOf(await load());
  tf.enableProdMode();
  if (!(await tf.setBackend(BACKEND))) throw new Error("The TensorFlow library does not start.");
  return tf;
}

/** Name and version of the library, which the backend's native module has; the types of tfjs-core do not know it. */
function libraryOf(tf: TensorFlow): string | undefined {
  const backend = tf.backend() as { readonly binding?: { readonly TF_Version?: unknown } };
  const version = backend.binding?.TF_Version;
  return typeof version === "string" ? `TensorFlow ${version}` : undefined;
}

/**
 * Opens the engine on the TensorFlow library from `@tensorflow/tfjs-node`, installed apart: faster, on all cores.
 *
 * Its results differ from the WASM engine's in the last bits, so it is used for training, never for scoring.
 *
 * @param load - loads the package; tests pass their own
 * @throws CommonweightError `ENGINE_UNAVAILABLE` if the package or its library does not load.
 */
export async function openTfjsNodeEngine(
  reason = "It was requested.",
  load: LoadTfjsNode = loadInstalled,
): Promise<Engine> {
  let tf: TensorFlow;
  try {
    tf = await loadBackend(load);
  } catch (cause) {
    throw unavailable(cause);
  }
  return createTensorFlowEngine(tf, BACKEND, { name: "tfjs-node", reason, library: libraryOf(tf) });
}
