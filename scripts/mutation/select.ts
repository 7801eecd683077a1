import { createHash } from "node:crypto";

import { groupBy } from "./group-by.ts";
import type { Mutant } from "./mutant.ts";

export interface Selection {
  /** Seed of the sample. */
  readonly seed: number;
  /** How many; all unless given. */
  readonly sample?: number | undefined;
  /** Part of the file's name. */
  readonly only?: string | undefined;
  /** First and last number, both included. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

/** Chooses mutants: the same for the same sources and selection, a sample taken evenly from the files. */
export function selectMutants(mutants: readonly Mutant[], selection: Selection): readonly Mutant[] {
  const { seed, sample, only, from = 1, to = Infinity } = selection;
  const within = mutants.filter(
    ({ file, number }) => (only === undefined || file.includes(only)) && number >= from && number <= to,
  );
  if (sample === undefined) return within;
  const place = ({ key }: Mutant) => createHash("sha256").update(`${seed}\0${key}`).digest("hex");
  const files = [...groupBy(within, ({ file }) => file).values()].map((own) =>
    own.toSorted((a, b) => (place(a) < place(b) ? -1 : 1)),
  );
  const longest = Math.max(0, ...files.map((own) => own.length));
  const turns = Array.from({ length: longest }, (_, turn) => files.flatMap((own) => own.slice(turn, turn + 1)));
  return turns
    .flat()
    .slice(0, sample)
    .toSorted((a, b) => a.number - b.number);
}
