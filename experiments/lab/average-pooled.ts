import type { Samples } from "../../trainer/model/tensors.ts";

/** Average pooling of square images from `side` x `side` to `side / window` x `side / window` pixels. */
export function averagePooled({ count, features, labels }: Samples, side: number, window: number): Samples {
  const small = side / window;
  const pooled = new Float32Array(count * small * small);
  for (let sample = 0; sample < count; sample++) {
    for (let y = 0; y < small * window; y++) {
      for (let x = 0; x < small * window; x++) {
        const to = (sample * small + Math.floor(y / window)) * small + Math.floor(x / window);
        pooled[to] = pooled[to]! + features[(sample * side + y) * side + x]! / window ** 2;
      }
    }
  }
  return { count, features: pooled, labels };
}
