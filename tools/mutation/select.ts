import { createHash } from "node:crypto";

import type { Mutant } from "./mutant.ts";

export interface Selection {
  /** Seed of the sample. */
  readonly seed: number;
  /** Size of the sample; `undefined` for all mutants. */
  readonly sample: number | undefined;
  /** Only mutants of files whose path contains one of these texts. */
  readonly only: readonly string[] | undefined;
}

/** Share of critical mutants in a sample. */
const CRITICAL_SHARE = 0.75;

/**
 * Selects mutants, critical ones first, in rotation over the functions, so that every function is covered and long ones
 * do not dominate. Deterministic.
 */
export function selectMutants(mutants: readonly Mutant[], { seed, sample, only }: Selection): readonly Mutant[] {
  const within = mutants.filter(({ file }) => only === undefined || only.some((text) => file.includes(text)));
  const critical = within.filter((mutant) => mutant.critical);
  const others = within.filter((mutant) => !mutant.critical);
  const count = sample ?? within.length;
  const first = inTurns(critical, seed).slice(0, sample === undefined ? count : Math.ceil(CRITICAL_SHARE * sample));
  return [...first, ...inTurns(others, seed).slice(0, count - first.length)];
}

function inTurns(mutants: readonly Mutant[], seed: number): readonly Mutant[] {
  const place = ({ key }: Mutant) => createHash("sha256").update(`${seed}\0${key}`).digest("hex");
  const shuffled = mutants
    .map((mutant) => ({ mutant, place: place(mutant) }))
    .toSorted((a, b) => (a.place < b.place ? -1 : 1));
  const functions = [...Map.groupBy(shuffled, ({ mutant }) => `${mutant.file} ${mutant.scope}`).values()];
  const longest = Math.max(0, ...functions.map((own) => own.length));
  const turns = Array.from({ length: longest }, (_, turn) => functions.flatMap((own) => own.slice(turn, turn + 1)));
  return turns.flat().map(({ mutant }) => mutant);
}
