import { createRequire } from "node:module";
import { join } from "node:path";

/** Functions of Node's `util` that tfjs-node calls. */
interface OldUtil {
  isNullOrUndefined?: (value: unknown) => boolean;
  isArray?: (value: unknown) => boolean;
}

/**
 * Prepares this process for tfjs-node; must be called before it is loaded.
 *
 * Silences the TensorFlow library, which writes to standard error by itself: every failure of it is an exception as
 * well. Restores two functions of `util` that tfjs-node calls and newer Node versions removed or deprecated.
 */
export function prepareForTfjsNode(): void {
  process.env["TF_CPP_MIN_LOG_LEVEL"] ??= "3";
  // Adapter: CommonJS modules share one mutable `util`, although its types are read-only.
  const util = createRequire(import.meta.url)("node:util") as OldUtil;
  util.isNullOrUndefined = (value) => value === null || value === undefined;
  util.isArray = Array.isArray;
}

/**
 * Loads the tfjs-node that is installed in a folder.
 *
 * @throws what Node throws when the package or its native library does not load
 */
export function loadTfjsNode(folder: string): unknown {
  prepareForTfjsNode();
  return createRequire(join(folder, "package.json"))("@tensorflow/tfjs-node");
}
