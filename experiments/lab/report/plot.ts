import { linePlotSvg } from "../../../scripts/plot/line-plot.ts";
import type { Plot } from "../study.ts";

/** Draws a plot as a self-contained SVG image, with a tick at every x value of its points. */
export function plotSvg({ title, x, y, lines }: Plot): Promise<string> {
  const places = new Set(lines.flatMap(({ points }) => points.map(([place]) => place)));
  return linePlotSvg({ title, x: { title: x, ticks: [...places] }, y: { title: y }, lines });
}
