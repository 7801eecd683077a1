import { shareFrom } from "./distribution.ts";
import type { Pair } from "./measure.ts";
import { LEAST_ERRORS, THETAS } from "./report.ts";

/** One line of the picture: the share of its pairs that a theta takes for clones. */
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

const WIDTH = 720;
const HEIGHT = 380;
const MARGIN = { left: 56, right: 210, top: 40, bottom: 48 };

/** Draws the share of pairs that reach theta, by kind, as an SVG picture that stands by itself. */
export function curvePlot(pairs: readonly Pair[]): string {
  const [first = 0, last = 1] = [THETAS[0], THETAS.at(-1)];
  const x = (theta: number) => MARGIN.left + ((theta - first) / (last - first)) * (WIDTH - MARGIN.left - MARGIN.right);
  const y = (share: number) => HEIGHT - MARGIN.bottom - share * (HEIGHT - MARGIN.top - MARGIN.bottom);
  const middle = (MARGIN.left + WIDTH - MARGIN.right) / 2;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#ffffff"/>`,
    `<text x="${middle}" y="22" text-anchor="middle" font-size="15" fill="#1f2933">Pairs taken for clones at theta, ${LEAST_ERRORS} or more errors</text>`,
    ...[0, 0.25, 0.5, 0.75, 1].map((share) => horizontal(share, y(share), x(last))),
    ...[30, 40, 50, 60, 70, 80, 90, 99].map((theta) => vertical(theta, x(theta))),
    `<text x="${middle}" y="${HEIGHT - 10}" text-anchor="middle" fill="#52606d">theta</text>`,
    ...CURVES.map((curve) => line(curve, pairs.filter(curve.has), x, y)),
    ...CURVES.map(({ label, colour }, row) => legend(label, colour, row)),
    "</svg>",
    "",
  ].join("\n");
}

function line(
  { colour }: Curve,
  pairs: readonly Pair[],
  x: (theta: number) => number,
  y: (share: number) => number,
): string {
  const similarities = pairs.map(({ similarity }) => similarity.errors);
  const points = THETAS.map(
    (theta) => `${x(theta).toFixed(1)},${y(shareFrom(similarities, theta, LEAST_ERRORS)).toFixed(1)}`,
  );
  return `<polyline points="${points.join(" ")}" fill="none" stroke="${colour}" stroke-width="2"/>`;
}

function horizontal(share: number, y: number, right: number): string {
  const grid = `<line x1="${MARGIN.left}" x2="${right}" y1="${y}" y2="${y}" stroke="#e4e7eb"/>`;
  return `${grid}<text x="${MARGIN.left - 8}" y="${y + 4}" text-anchor="end" fill="#52606d">${share * 100} %</text>`;
}

function vertical(theta: number, x: number): string {
  const place = x.toFixed(1);
  return `<text x="${place}" y="${HEIGHT - MARGIN.bottom + 18}" text-anchor="middle" fill="#52606d">${(theta / 100).toFixed(2)}</text>`;
}

function legend(label: string, colour: string, row: number): string {
  const [x, y] = [WIDTH - MARGIN.right + 14, MARGIN.top + 12 + row * 20];
  return `<rect x="${x}" y="${y - 5}" width="16" height="3" fill="${colour}"/><text x="${x + 22}" y="${y}" fill="#1f2933">${label}</text>`;
}
