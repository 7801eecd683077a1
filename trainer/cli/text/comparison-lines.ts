import type { EngineComparison } from "../wiring/engine-comparison.ts";
import { columns } from "./print-result.ts";

type PresetComparison = EngineComparison["presets"][number];

/** Tables of the engines' speeds and of their deviation, for people. */
export function comparisonLines({ other, presets }: EngineComparison): readonly string[] {
  const speeds = [
    "",
    "samples a second, batches of 32:",
    ...columns(
      [
        ["", "engine", "training", "evaluation"],
        ...presets.flatMap(({ preset, speeds }) =>
          speeds.map(({ engine, training, evaluation }) => [
            preset,
            engine,
            perSecond(training),
            perSecond(evaluation),
          ]),
        ),
      ],
      "  ",
    ),
  ];
  switch (other.kind) {
    case "unavailable":
      return [...speeds, "", `only the engine wasm is here: ${other.reason}`, `  ${other.hint}`];
    case "open":
      return [
        ...speeds,
        "",
        `deviation of ${other.engine.name} (${other.engine.version}) from wasm, as a share of each tensor's largest change:`,
        ...columns([["", "", "after a step", "after an epoch"], ...presets.flatMap(deviationRows)], "  "),
      ];
  }
}

function deviationRows({ preset, samples, deviation }: PresetComparison): readonly (readonly string[])[] {
  if (deviation === undefined) return [];
  const { tensors, lossBefore, lossAfter, predictions } = deviation;
  return [
    ...tensors.map(({ tensor, afterStep, afterEpoch }) => [preset, tensor, small(afterStep), small(afterEpoch)]),
    [preset, "loss (nats)", `${small(lossBefore)} untrained`, small(lossAfter)],
    [preset, "predictions that differ", "", `${predictions} of ${samples}`],
  ];
}

function perSecond(value: number): string {
  return value.toFixed(0);
}

function small(value: number): string {
  return value === 0 ? "0" : value.toExponential(1);
}
