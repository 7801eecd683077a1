import { CommonweightError } from "@commonweight/sdk/errors";

const WITHOUT = "Training works without it, on the engine `wasm`.";

/** `ENGINE_INSTALL_PACKAGES`: npm is missing, or cannot fetch the packages. */
export function packagesError(reason: string): CommonweightError {
  return new CommonweightError(
    "ENGINE_INSTALL_PACKAGES",
    `npm did not fetch @tensorflow/tfjs-node: ${reason}`,
    `Check that npm is installed and reaches its registry (\`npm ping\`), then run the command again. ${WITHOUT}`,
  );
}

/** `ENGINE_INSTALL_PLATFORM`: there is no library to build against. */
export function platformError(ownStep: string): CommonweightError {
  return new CommonweightError(
    "ENGINE_INSTALL_PLATFORM",
    `tfjs-node's own install step failed (${ownStep}), and it cannot be built on ${process.platform}, ${process.arch}`,
    `Let its own install step download, through a proxy if need be, or use Linux on x86-64 or ARM. ${WITHOUT}`,
  );
}

/** `ENGINE_INSTALL_TOOLS`: programs that the build needs are missing; all are named together. */
export function toolsError(missing: readonly string[], ownStep: string): CommonweightError {
  return new CommonweightError(
    "ENGINE_INSTALL_TOOLS",
    `tfjs-node's own install step failed (${ownStep}), and to build it this machine lacks: ${missing.join(", ")}`,
    `Install what is missing (Debian: apt install python3 python3-pip g++), then run the command again. ${WITHOUT}`,
  );
}

/** `ENGINE_INSTALL_LIBRARY`: pip cannot download the TensorFlow library, or it is not the expected one. */
export function libraryError(reason: string): CommonweightError {
  return new CommonweightError(
    "ENGINE_INSTALL_LIBRARY",
    `pip did not download the TensorFlow library: ${reason}`,
    `Check that pip reaches its package index, then run the command again. ${WITHOUT}`,
  );
}

/** `ENGINE_INSTALL_BUILD`: the library does not unpack, or tfjs-node does not compile against it. */
export function buildError(what: string, reason: string): CommonweightError {
  return new CommonweightError(
    "ENGINE_INSTALL_BUILD",
    `${what} failed: ${reason}`,
    `Check the free space (2 GB are needed) and the compiler (g++ 9 or later), then run the command again. ${WITHOUT}`,
  );
}

/** `ENGINE_INSTALL_LOAD`: the engine was built, but does not compute on this machine. */
export function loadError(reason: string): CommonweightError {
  return new CommonweightError(
    "ENGINE_INSTALL_LOAD",
    `tfjs-node was built, but does not load: ${reason}`,
    `The library needs a processor with AVX and glibc 2.17 or later; nothing was installed. ${WITHOUT}`,
  );
}
