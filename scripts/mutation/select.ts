import { createHash } from "node:crypto";

import { groupBy } from "./group-by.ts";
import type { Mutant } from "./mutant.ts";

export interface Selection {
  /** Seed of the sample. */
  readonly seed: number;
  /** How many of those that are not critical; all unless given. */
  readonly sample: number | undefined;
  /** Part of the file's name. */
  readonly only: string | undefined;
}

/**
 * Chooses mutants: all critical ones, then a sample of the others, taken in turns from the functions, so that none is
 * forgotten and none weighs by its length alone. The same for the same sources and selection.
 */
export function selectMutants(mutants: readonly Mutant[], { seed, sample, only }: Selection): readonly Mutant[] {
  const within = mutants.filter(({ file }) => only === undefined || file.includes(only));
  const critical = within.filter((mutant) => mutant.critical);
  const others = within.filter((mutant) => !mutant.critical);
  const count = sample ?? others.length;
  return [...inTurns(critical, seed), ...inTurns(others, seed).slice(0, count)];
}

function inTurns(mutants: readonly Mutant[], seed: number): readonly Mutant[] {
  const place = ({ key }: Mutant) => createHash("sha256").update(`${seed}\0${key}`).digest("hex");
  const shuffled = mutants
    .map((mutant) => ({ mutant, place: place(mutant) }))
    .toSorted((a, b) => (a.place < b.place ? -1 : 1));
  const functions = [...groupBy(shuffled, ({ mutant }) => `${mutant.file} ${mutant.scope}`).values()];
  const longest = Math.max(0, ...functions.map((own) => own.length));
  const turns = Array.from({ length: longest }, (_, turn) => functions.flatMap((own) => own.slice(turn, turn + 1)));
  return turns.flat().map(({ mutant }) => mutant);
}
