import type { TopLevelSpec } from "vega-lite";

const WIDTH = 430;
const HEIGHT = 270;
const COLOURS = ["#0b69a3", "#ab091e", "#de911d", "#3f9142", "#7b3fa0", "#52606d", "#e12d39", "#62b0e8", "#aa7f39"];
const [DARK, GREY, PALE] = ["#1f2933", "#52606d", "#e4e7eb"];

/** An axis of a plot. */
export interface PlotAxis {
  readonly title: string;
  /** Values with labels; default chosen from the range of the data. */
  readonly ticks?: readonly number[];
  /** Appended to each label, such as `%`. */
  readonly unit?: string;
  /** Decimal places of each label; default as many as a value needs. */
  readonly digits?: number;
}

/** A line of a plot. */
export interface PlotLine {
  /** Its name in the legend. */
  readonly label: string;
  readonly colour?: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

/** Lines over one axis. */
export interface LinePlot {
  readonly title: string;
  readonly x: PlotAxis;
  /** Given ticks also set the range of the axis. */
  readonly y: PlotAxis;
  readonly lines: readonly PlotLine[];
  /** Whether to label each point with its value, with one decimal place. */
  readonly showValues?: boolean;
}

/**
 * Draws lines as a self-contained SVG image. Deterministic: the same plot gives the same bytes.
 *
 * The plotting libraries are imported lazily, because they load slowly.
 */
export async function linePlotSvg(plot: LinePlot): Promise<string> {
  const [{ compile }, { parse, View }] = await Promise.all([import("vega-lite"), import("vega")]);
  const view = new View(parse(compile(specOf(plot)).spec), { renderer: "none" });
  try {
    return `${await view.toSVG()}\n`;
  } finally {
    view.finalize();
  }
}

function specOf({ title, x, y, lines, showValues = false }: LinePlot): TopLevelSpec {
  const labels = lines.map(({ label }) => label);
  const colours = lines.map(({ colour }, row) => colour ?? COLOURS[row % COLOURS.length]!);
  const unit = y.unit === undefined ? "" : ` ${y.unit}`;
  const values = lines.flatMap(({ label, points }) =>
    points.map(([px, py]) => ({ line: label, x: px, y: py, value: `${py.toFixed(1)}${unit}` })),
  );
  return {
    width: WIDTH,
    height: HEIGHT,
    padding: 12,
    background: "white",
    title,
    data: { values },
    encoding: {
      x: {
        field: "x",
        type: "quantitative",
        axis: { ...axisOf(x), grid: false, labelFlush: false },
        scale: { nice: false, zero: false },
      },
      y: {
        field: "y",
        type: "quantitative",
        axis: { ...axisOf(y), domain: false, ticks: false, labelPadding: 6 },
        ...(y.ticks !== undefined && { scale: { domain: [Math.min(...y.ticks), Math.max(...y.ticks)] } }),
      },
      color: {
        field: "line",
        type: "nominal",
        scale: { domain: labels, range: colours },
        legend: lines.length > 1 ? { title: null } : null,
      },
    },
    layer: [
      { mark: { type: "line", strokeWidth: 2 } },
      ...(showValues
        ? [
            { mark: { type: "circle", size: 60, opacity: 1 } } as const,
            {
              mark: { type: "text", dy: -12, color: DARK },
              encoding: { text: { field: "value" }, color: { value: DARK } },
            } as const,
          ]
        : []),
    ],
    config: {
      view: { stroke: null },
      font: "sans-serif",
      title: { fontSize: 15, fontWeight: "normal", color: DARK, offset: 16 },
      axis: {
        labelFontSize: 12,
        labelColor: GREY,
        titleFontSize: 12,
        titleFontWeight: "normal",
        titleColor: GREY,
        gridColor: PALE,
        titlePadding: 8,
      },
      legend: { labelFontSize: 12, labelColor: DARK, labelLimit: 0, rowPadding: 6, symbolStrokeWidth: 3, offset: 24 },
      text: { fontSize: 12 },
    },
  };
}

function axisOf({ title, ticks, unit, digits }: PlotAxis) {
  return {
    title,
    ...(ticks !== undefined && { values: [...ticks] }),
    ...(digits !== undefined && { format: `.${digits}f` }),
    ...(unit !== undefined && { labelExpr: `datum.label + ' ${unit}'` }),
  };
}
