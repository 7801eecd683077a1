const BAR_CELLS = 24;
const STEPS = "▁▂▃▄▅▆▇█";
const BPS = 10_000;

/** A time of the chain, in seconds, as people write it. */
export function timeText(seconds: number): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, 19).replace("T", " ")} UTC`;
}

/** An accuracy in basis points, as people read it: `93.1 %`. */
export function percent(bps: number): string {
  return `${(bps / 100).toFixed(1)} %`;
}

/** An accuracy with a bar. */
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

/** A length of time in seconds, in its largest whole unit. */
export function durationText(seconds: number): string {
  const units = [
    [86_400, "d"],
    [3_600, "h"],
    [60, "min"],
  ] as const;
  const unit = units.find(([length]) => seconds >= 2 * length);
  return unit === undefined ? `${seconds} s` : `${Math.round(seconds / unit[0])} ${unit[1]}`;
}
