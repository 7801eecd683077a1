/**
 * A planted fault, for `node --import`: TensorFlow.js loads its binary without SIMD, though this machine has SIMD. It
 * stands for any machine that passes the check for SIMD and still computes otherwise.
 */
import { createRequire } from "node:module";

import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";

const { resolve } = createRequire(import.meta.url);
const binary = resolve("@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm");
setWasmPaths({
  "tfjs-backend-wasm.wasm": binary,
  "tfjs-backend-wasm-simd.wasm": binary,
  "tfjs-backend-wasm-threaded-simd.wasm": binary,
});
