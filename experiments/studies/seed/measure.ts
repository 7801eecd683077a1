import { ATTACKS } from "./attacks.ts";
import { playDraw, stageOf, type Attack } from "./play-draw.ts";
import { SEATS } from "./terms.ts";

/** Draws of one sample. */
export const DRAWS = 100;
/** Validators of the party, of 60: a tenth, a quarter, a third. */
export const PARTIES = [6, 15, 20] as const;
/** The party that pages show. */
export const SHOWN = 15;
/** Attacks that are played on committees of other sizes as well, and the sizes where that is cheap. */
const SIZED: Readonly<Record<string, readonly number[]>> = {
  nobody: [3, 5, 9, 11, 15, 21, 31],
  "trainers-2": [3, 5, 9, 11, 15, 21, 31],
  "half-2": [3, 5, 9, 11, 15, 21, 31],
  confirm: [3, 5, 9, 11],
};
/** Attacks that a tenth of the list is not played with: it tries hundreds of seeds a draw. */
const SLOW = ["rebuild", "trainers-6", "arm-28"];

/** An attack by so many validators on committees of so many seats. */
export interface Case {
  readonly attack: Attack;
  readonly party: number;
  readonly seats: number;
}

/** What a party got from the draws of one seed. */
export interface Sample {
  readonly rule: string;
  readonly attack: string;
  readonly party: number;
  readonly seats: number;
  readonly seed: number;
  readonly draws: number;
  /** Sums over the draws: seats held, draws in which the goal was reached, bonds and locks burned for it. */
  readonly held: number;
  readonly won: number;
  readonly bonds: number;
  readonly locks: number;
}

export const CASES: readonly Case[] = [
  ...PARTIES.flatMap((party) =>
    ATTACKS.filter(({ id }) => party >= SHOWN || !SLOW.includes(id)).map((attack) => ({
      attack,
      party,
      seats: SEATS,
    })),
  ),
  ...ATTACKS.filter(({ rule }) => rule === "after").flatMap((attack) =>
    (SIZED[attack.id] ?? []).map((seats) => ({ attack, party: SHOWN, seats })),
  ),
];

export function measure({ attack, party, seats }: Case, seed: number, draws = DRAWS): Sample {
  const { rule, id } = attack;
  const sample = { held: 0, won: 0, bonds: 0, locks: 0 };
  for (let draw = 0; draw < draws; draw++) {
    const outcome = playDraw(attack, stageOf(party, seats, [rule, id, party, seats, seed, draw].join("/")));
    sample.held += outcome.seats;
    sample.won += outcome.won ? 1 : 0;
    sample.bonds += outcome.bonds;
    sample.locks += outcome.locks;
  }
  return { rule, attack: id, party, seats, seed, draws, ...sample };
}

export function isOf({ attack, party, seats }: Case, sample: Sample): boolean {
  const isSame = sample.rule === attack.rule && sample.attack === attack.id;
  return isSame && sample.party === party && sample.seats === seats;
}
