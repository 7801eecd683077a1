import { linePlotSvg } from "../../../scripts/plot/line-plot.ts";
import type { Plot } from "../study.ts";

/** Draws a plot as an SVG picture that stands by itself; its points name the places of the horizontal axis. */
export function plotSvg({ title, x, y, lines }: Plot): Promise<string> {
  const places = new Set(lines.flatMap(({ points }) => points.map(([place]) => place)));
  return linePlotSvg({ title, x: { title: x, ticks: [...places] }, y: { title: y }, lines });
}
