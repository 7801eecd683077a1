import type { Plot } from "../study.ts";

const WIDTH = 720;
const HEIGHT = 360;
const MARGIN = { left: 64, right: 230, top: 40, bottom: 48 };
const COLOURS = ["#0b69a3", "#ab091e", "#de911d", "#3f9142", "#7b3fa0", "#52606d", "#e12d39", "#62b0e8", "#aa7f39"];

/** Draws a plot as an SVG picture that stands by itself. */
export function plotSvg({ title, x, y, lines }: Plot): string {
  const points = lines.flatMap((line) => line.points);
  const xs = points.map(([value]) => value);
  const ys = points.map(([, value]) => value);
  const [left, right] = [Math.min(...xs), Math.max(...xs)];
  const [low, high] = rangeOf(ys);
  const place = {
    x: (value: number) => MARGIN.left + ((value - left) / (right - left || 1)) * (WIDTH - MARGIN.left - MARGIN.right),
    y: (value: number) =>
      HEIGHT - MARGIN.bottom - ((value - low) / (high - low)) * (HEIGHT - MARGIN.top - MARGIN.bottom),
  };
  const middle = (MARGIN.left + WIDTH - MARGIN.right) / 2;
  const ticks = [0, 0.25, 0.5, 0.75, 1].map((share) => low + share * (high - low));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#ffffff"/>`,
    text(middle, 22, title, 'text-anchor="middle" font-size="15" fill="#1f2933"'),
    ...ticks.flatMap((tick) => [
      `<line x1="${MARGIN.left}" x2="${WIDTH - MARGIN.right}" y1="${at(place.y(tick))}" y2="${at(place.y(tick))}" stroke="#e4e7eb"/>`,
      text(MARGIN.left - 8, place.y(tick) + 4, numberText(tick), 'text-anchor="end" fill="#52606d"'),
    ]),
    ...[...new Set(xs)].map((value) =>
      text(place.x(value), HEIGHT - MARGIN.bottom + 18, numberText(value), 'text-anchor="middle" fill="#52606d"'),
    ),
    text(middle, HEIGHT - 10, x, 'text-anchor="middle" fill="#52606d"'),
    text(MARGIN.left - 48, MARGIN.top - 12, y, 'fill="#52606d"'),
    ...lines.flatMap(({ label, points: own }, row) => {
      const colour = COLOURS[row % COLOURS.length]!;
      const path = own.map(([px, py]) => `${at(place.x(px))},${at(place.y(py))}`).join(" ");
      const [lx, ly] = [WIDTH - MARGIN.right + 14, MARGIN.top + 12 + row * 20];
      return [
        `<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="2"/>`,
        `<rect x="${lx}" y="${ly - 5}" width="16" height="3" fill="${colour}"/>`,
        text(lx + 22, ly, label, 'fill="#1f2933"'),
      ];
    }),
    "</svg>",
    "",
  ].join("\n");
}

/** From 0, or from below it, to just above the largest. */
function rangeOf(values: readonly number[]): readonly [number, number] {
  const low = Math.min(0, ...values);
  const high = Math.max(...values);
  return [low, high > low ? high : low + 1];
}

function text(x: number, y: number, words: string, style: string): string {
  const safe = words.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  return `<text x="${at(x)}" y="${at(y)}" ${style}>${safe}</text>`;
}

function at(value: number): string {
  return value.toFixed(1);
}

function numberText(value: number): string {
  return String(Number(value.toPrecision(3)));
}
