import type { InputScaling } from "./model-facts.ts";

/** What an example of use depends on. */
export interface Example {
  /** `null` if it is not known: then the example takes the values as they are. */
  readonly scaling: InputScaling | null;
  /** Values of one sample. */
  readonly sampleSize: number;
}

/** Comment beside the values of an example's sample. */
export function sampleLine(scaling: InputScaling | null): string {
  return scaling === null ? "your sample, scaled as the initiator scales it" : "your sample, as your files have it";
}
