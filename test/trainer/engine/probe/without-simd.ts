/** A planted fault, for `node --import`: TensorFlow.js finds no SIMD. */
import { env } from "@tensorflow/tfjs-core";
// Registers the flag.
import "@tensorflow/tfjs-backend-wasm";

env().set("WASM_HAS_SIMD_SUPPORT", false);
