import { z } from "zod";

import type { Sample } from "./measure.ts";

const count = z.coerce.number().int().min(0);
const sample = z.strictObject({
  rule: z.string(),
  attack: z.string(),
  ...{ party: count, seats: count, seed: count, draws: count, held: count, won: count, bonds: count, locks: count },
});
const COLUMNS = sample.keyof().options;

export function samplesCsv(samples: readonly Sample[]): string {
  return [COLUMNS, ...samples.map((one) => COLUMNS.map((column) => one[column]))]
    .map((row) => `${row.join(",")}\n`)
    .join("");
}

export function parseSamples(text: string): Sample[] {
  const [, ...lines] = text.trim().split("\n");
  return lines.map((line) => {
    const cells = line.split(",");
    return sample.parse(Object.fromEntries(COLUMNS.map((column, at) => [column, cells[at]])));
  });
}
