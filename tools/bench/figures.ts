import Table from "cli-table3";

/** A measured figure and its target. */
export interface Figure {
  readonly what: string;
  readonly figure: string;
  readonly target: string;
  readonly met: boolean;
}

/** A count whose target is 0. */
export function noneAllowed(what: string, count: number): Figure {
  return { what, figure: String(count), target: "0", met: count === 0 };
}

/** Prints figures and targets; returns whether all targets are met. */
export function printFigures(figures: readonly Figure[]): boolean {
  const table = new Table({ head: ["", "figure", "target", ""], style: { head: [], border: [], compact: true } });
  for (const { what, figure, target, met } of figures) table.push([what, figure, target, met ? "met" : "NOT MET"]);
  console.log(table.toString());
  return figures.every(({ met }) => met);
}
