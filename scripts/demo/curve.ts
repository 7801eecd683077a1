import type { LinePlot } from "../plot/line-plot.ts";

/** One point of the curve: the accuracy of a round's released model. */
export interface CurvePoint {
  readonly round: number;
  readonly accuracyBps: number;
}

/** The plot of accuracy over rounds. */
export function curvePlot(points: readonly CurvePoint[]): LinePlot {
  return {
    title: "Accuracy of the model that strangers trained",
    x: { title: "round (0: the initial model)", ticks: points.map(({ round }) => round), digits: 0 },
    y: { title: "accuracy", ticks: [0, 25, 50, 75, 100], unit: "%" },
    lines: [{ label: "accuracy", points: points.map(({ round, accuracyBps }) => [round, accuracyBps / 100] as const) }],
    showValues: true,
  };
}
