/** Parses an option's whole number; otherwise prints the allowed range and exits with 2. */
export function wholeNumber(option: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  console.error(`${option} ${text}: expected a whole number, ${least} to ${most}`);
  return process.exit(2);
}
