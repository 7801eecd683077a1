const UNITS = { s: 1, m: 60, h: 3_600, d: 86_400 } as const;

/** A whole number and one unit: `30s`, `10m`, `2h`, `7d`. */
export const DURATION = /^(\d{1,9})(s|m|h|d)$/;

/** Gives a duration's seconds; `undefined` for a text of another form. */
export function secondsOf(duration: string): number | undefined {
  const [, count, unit] = DURATION.exec(duration) ?? [];
  if (unit !== "s" && unit !== "m" && unit !== "h" && unit !== "d") return undefined;
  return Number(count) * UNITS[unit];
}
