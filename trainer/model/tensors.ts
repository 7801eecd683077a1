/**
 * All weights of a model in one vector, tensors one after the other in the order of `tensorLayout` (`model-layout.ts`).
 */
export type Weights = Float32Array;

/**
 * Labelled samples. `features` is `count` rows of the model's input size, scaled to 0..1; `labels` are class indices.
 */
export interface Samples {
  readonly count: number;
  readonly features: Float32Array;
  readonly labels: Uint16Array;
}
