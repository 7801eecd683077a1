import { places } from "@commonweight/sdk/protocol/draw";
import { hashStream } from "../../../trainer/random/hash-stream.ts";

/** Validators on the list. */
export const LIST = 60;

/** What one draw is played with. */
export interface Stage {
  /** The first so many places of the list are the party's. */
  readonly party: number;
  readonly seats: number;
  /** Gives 32 fresh bytes, as hexadecimal digits. */
  bytes32(): string;
}

/** A seed that the party can have. */
export interface Choice {
  readonly seed: string;
  /** The seed that the party expects, where it does not know all salts. */
  readonly foreseen?: string;
  /** Disclosures, and reveals, that the party withholds for it. */
  readonly bonds?: number;
  readonly locks?: number;
  /** Places that are off the list for having withheld. */
  readonly struck?: readonly number[];
}

export interface Attack {
  readonly id: string;
  readonly rule: "before" | "after";
  readonly who: string;
  /** What it costs beside bonds, locks and their pay. */
  readonly price: string;
  /** Number of independent seeds that it chooses among, where that is fixed: then its chance is known exactly. */
  readonly independent?: number;
  /** Seats that it needs of so many; by default more than half. */
  readonly goal?: (seats: number) => number;
  /** The seeds that it can have, the cheapest first. */
  choices(stage: Stage): Iterable<Choice>;
}

/** What a party got from one draw. */
export interface Outcome {
  readonly seats: number;
  readonly won: boolean;
  readonly bonds: number;
  readonly locks: number;
}

export function majorityOf(seats: number): number {
  return Math.floor(seats / 2) + 1;
}

/** Seeds a draw: the same text gives the same draw. */
export function stageOf(party: number, seats: number, seed: string): Stage {
  const stream = hashStream("commonweight/seed-study", seed);
  const word = () => stream.uint32().toString(16).padStart(8, "0");
  return { party, seats, bytes32: () => `0x${Array.from({ length: 8 }, word).join("")}` };
}

/**
 * Plays one draw. The party tries its seeds in order, takes the first that reaches its goal, and else the one with most
 * seats. It pays only for a goal that it reaches: without one it takes no dearer seed than the first.
 */
export function playDraw(attack: Attack, stage: Stage): Outcome {
  const goal = attack.goal?.(stage.seats) ?? majorityOf(stage.seats);
  let best: { readonly choice: Choice; readonly foreseen: number } | undefined;
  for (const choice of attack.choices(stage)) {
    const foreseen = seatsHeld(stage, choice, choice.foreseen ?? choice.seed);
    if (best === undefined || foreseen > best.foreseen) best = { choice, foreseen };
    if (foreseen >= goal) break;
  }
  if (best === undefined) throw new Error(`${attack.id} has no seed`);
  const { choice } = best;
  const seats = choice.foreseen === undefined ? best.foreseen : seatsHeld(stage, choice, choice.seed);
  const won = seats >= goal;
  return { seats, won, bonds: won ? (choice.bonds ?? 0) : 0, locks: won ? (choice.locks ?? 0) : 0 };
}

/** Seats of the party in the committee that a seed draws. */
function seatsHeld({ party, seats }: Stage, { struck = [] }: Choice, seed: string): number {
  // In another order than the contract leaves them, which a uniform draw does not notice.
  const list = Array.from({ length: LIST }, (_, place) => place).filter((place) => !struck.includes(place));
  return places(seed, list.length, seats).filter((at) => list[at]! < party).length;
}

/** Chance that `goal` of `seats` seats or more fall to the party (hypergeometric), with the best of so many seeds. */
export function exactChance(stage: Pick<Stage, "party" | "seats">, goal: number, seeds: number): number {
  const { party, seats } = stage;
  const others = LIST - party;
  let chance = 0;
  for (let held = goal; held <= Math.min(seats, party); held++) {
    chance += Math.exp(logChoose(party, held) + logChoose(others, seats - held) - logChoose(LIST, seats));
  }
  return 1 - (1 - chance) ** seeds;
}

/** Logarithm of the number of subsets of size `k` of a set of size `n`; minus infinity if there is none. */
function logChoose(n: number, k: number): number {
  if (k > n) return -Infinity;
  let sum = 0;
  for (let i = 1; i <= k; i++) sum += Math.log((n - k + i) / i);
  return sum;
}
