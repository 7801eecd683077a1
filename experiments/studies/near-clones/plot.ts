import type { LinePlot } from "../../../scripts/plot/line-plot.ts";
import { shareFrom } from "./distribution.ts";
import type { Pair } from "./measure.ts";
import { LEAST_ERRORS, THETAS } from "./report.ts";

/** One line of the plot: the share of its pairs that are classified as clones at each theta. */
interface Curve {
  readonly label: string;
  readonly colour: string;
  readonly has: (pair: Pair) => boolean;
}

const ofKind =
  (...kinds: readonly string[]) =>
  (pair: Pair) =>
    kinds.includes(pair.kind);
const CURVES: readonly Curve[] = [
  {
    label: "clones: noise up to 10 %",
    colour: "#ab091e",
    has: ofKind("noise 0.1 %", "noise 1 %", "noise 5 %", "noise 10 %"),
  },
  { label: "clones: scale 0.9", colour: "#e12d39", has: ofKind("scale 0.9") },
  { label: "clones: noise 100 %", colour: "#f0823c", has: ofKind("noise 100 %") },
  { label: "clones: 1 more epoch", colour: "#de911d", has: ofKind("1 more epoch") },
  { label: "clones: 5 more epochs", colour: "#f0b429", has: ofKind("5 more epochs") },
  {
    label: "innocents: the same data",
    colour: "#0b69a3",
    has: (pair) => pair.role === "innocent" && pair.kind === "same",
  },
  {
    label: "innocents: data of their own",
    colour: "#62b0e8",
    has: (pair) => pair.role === "innocent" && pair.kind !== "same",
  },
];

/** Plot of the share of pairs that reach theta, by kind. */
export function clonesPlot(pairs: readonly Pair[]): LinePlot {
  return {
    title: `Pairs taken for clones at theta, ${LEAST_ERRORS} or more errors`,
    x: { title: "theta", ticks: [0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.99], digits: 2 },
    y: { title: "pairs of the kind", ticks: [0, 25, 50, 75, 100], unit: "%" },
    lines: CURVES.map(({ label, colour, has }) => {
      const similarities = pairs.filter(has).map(({ similarity }) => similarity.errors);
      const share = (theta: number) => 100 * shareFrom(similarities, theta, LEAST_ERRORS);
      return { label, colour, points: THETAS.map((theta) => [theta / 100, share(theta)] as const) };
    }),
  };
}
