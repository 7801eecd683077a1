const BAR_CELLS = 24;
const STEPS = "▁▂▃▄▅▆▇█";
const BPS = 10_000;

/** A block time in seconds, as a UTC date and time. */
export function timeText(seconds: number): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, 19).replace("T", " ")} UTC`;
}

/** An accuracy in basis points as a percentage: `93.1 %`. */
export function percent(bps: number): string {
  return `${(bps / 100).toFixed(1)} %`;
}

/** An accuracy in basis points as a percentage and a bar. */
export function accuracyBar(bps: number): string {
  const filled = Math.round((bps / BPS) * BAR_CELLS);
  return `${percent(bps).padStart(7)} ${"█".repeat(filled)}${"░".repeat(BAR_CELLS - filled)}`;
}

/** Accuracies of successive rounds as one line of bars. */
export function sparkline(values: readonly number[]): string {
  return values.map((bps) => STEPS[Math.min(STEPS.length - 1, Math.floor((bps / BPS) * STEPS.length))]).join("");
}

/** An address, short enough for a table. */
export function shortAddress(address: string): string {
  return `${address.slice(0, 8)}…${address.slice(-4)}`;
}

/** A duration in seconds, rounded to the largest unit of which it has at least two. */
export function durationText(seconds: number): string {
  const units = [
    [86_400, "d"],
    [3_600, "h"],
    [60, "min"],
  ] as const;
  const unit = units.find(([length]) => seconds >= 2 * length);
  return unit === undefined ? `${seconds} s` : `${Math.round(seconds / unit[0])} ${unit[1]}`;
}
