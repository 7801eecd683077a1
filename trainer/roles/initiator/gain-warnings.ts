import { standardErrorBps } from "@commonweight/sdk/job-file/resolve-job-file";
import type { JobSpec } from "@commonweight/sdk/spec/job-spec";
import type { FeatureScaling } from "@commonweight/sdk/spec/feature-scaling";

/** Samples of a part below which more data is advised. */
const FEW_SAMPLES = 200;

/** A round's result, and the settings that it depends on. Accuracies in basis points. */
export interface RoundGain {
  readonly before: number;
  readonly after: number;
  readonly holdoutSamples: number;
  /** Samples of the smallest part that was trained. */
  readonly leastSamples: number;
  readonly training: JobSpec["training"];
  readonly scaling: FeatureScaling;
  /** Whether the samples are pictures. */
  readonly pictures: boolean;
}

/**
 * Warns where a round gains nothing, or less than one standard error of an accuracy on the holdout, and says what to
 * try.
 */
export function gainWarnings(round: RoundGain): readonly string[] {
  const gain = round.after - round.before;
  const noise = standardErrorBps(round.holdoutSamples);
  if (gain > noise) return [];
  const samples = round.holdoutSamples;
  const points = (bps: number) => (bps / 100).toFixed(1);
  const what =
    gain <= 0
      ? "the round gains nothing"
      : `the round gains ${points(gain)} points, less than the ${points(noise)} of chance on ${samples} samples`;
  return [`${what}; trainers would earn little or nothing. Try ${advice(round).join("; ")}`];
}

function advice({ training, scaling, pictures, leastSamples, holdoutSamples }: RoundGain): readonly string[] {
  const { learningRate, epochs } = training;
  const rates = [learningRate * 10, learningRate / 10].filter((rate) => rate <= 10).map((rate) => rate.toPrecision(1));
  return [
    `training.learningRate ${rates.map(Number).join(" or ")} (now ${learningRate})`,
    `training.epochs ${Math.min(100, epochs * 5)} (now ${epochs})`,
    ...(scaling.kind === "divisor" && !pictures ? ["data.scaling: columns, which standardises each column"] : []),
    leastSamples < FEW_SAMPLES || holdoutSamples < FEW_SAMPLES
      ? `more data (a part has ${leastSamples} samples, the holdout ${holdoutSamples})`
      : "another model, or a look at whether the right column is the label",
  ];
}
