/** One point of the curve: the accuracy of the model that a round released. */
export interface CurvePoint {
  readonly round: number;
  readonly accuracyBps: number;
}

const WIDTH = 640;
const HEIGHT = 320;
const MARGIN = { left: 56, right: 36, top: 40, bottom: 44 };

/** Draws accuracy over rounds as an SVG picture that stands by itself. */
export function curveSvg(points: readonly CurvePoint[], title: string): string {
  const rounds = Math.max(1, ...points.map(({ round }) => round));
  const x = (round: number) => MARGIN.left + (round / rounds) * (WIDTH - MARGIN.left - MARGIN.right);
  const y = (bps: number) => HEIGHT - MARGIN.bottom - (bps / 10_000) * (HEIGHT - MARGIN.top - MARGIN.bottom);
  const line = points.map(({ round, accuracyBps }) => `${x(round).toFixed(1)},${y(accuracyBps).toFixed(1)}`).join(" ");
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#ffffff"/>`,
    `<text x="${WIDTH / 2}" y="22" text-anchor="middle" font-size="15" fill="#1f2933">${escapeXml(title)}</text>`,
    ...[0, 25, 50, 75, 100].map((percent) => horizontal(percent, y(percent * 100))),
    ...points.map(({ round }) => vertical(round, x(round))),
    `<text x="${WIDTH / 2}" y="${HEIGHT - 8}" text-anchor="middle" fill="#52606d">round (0: the initial model)</text>`,
    `<polyline points="${line}" fill="none" stroke="#0b69a3" stroke-width="2.5"/>`,
    ...points.map((point) => dot(point, x(point.round), y(point.accuracyBps))),
    "</svg>",
    "",
  ].join("\n");
}

function horizontal(percent: number, y: number): string {
  const grid = `<line x1="${MARGIN.left}" x2="${WIDTH - MARGIN.right}" y1="${y}" y2="${y}" stroke="#e4e7eb"/>`;
  return `${grid}<text x="${MARGIN.left - 8}" y="${y + 4}" text-anchor="end" fill="#52606d">${percent} %</text>`;
}

function vertical(round: number, x: number): string {
  return `<text x="${x}" y="${HEIGHT - MARGIN.bottom + 18}" text-anchor="middle" fill="#52606d">${round}</text>`;
}

function dot({ accuracyBps }: CurvePoint, x: number, y: number): string {
  const label = `${(accuracyBps / 100).toFixed(1)} %`;
  const above = y - 10 < MARGIN.top ? y + 20 : y - 10;
  return `<circle cx="${x}" cy="${y}" r="4" fill="#0b69a3"/><text x="${x}" y="${above}" text-anchor="middle" fill="#1f2933">${label}</text>`;
}

function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
