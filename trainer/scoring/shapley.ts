import { setImmediate } from "node:timers/promises";

import { hashStream, shuffle } from "../random/hash-stream.ts";

/** A cooperative game: a value for every coalition of players. Players are 0..players - 1. */
export interface Game {
  readonly players: number;
  /**
   * Value of a coalition (players in ascending order), an integer of any unit. Called at most once per coalition, never
   * for the empty one.
   */
  readonly value: (coalition: readonly number[]) => Promise<bigint>;
}

export interface ShapleyOptions {
  /** Maximum number of coalitions to evaluate, without the empty one; see `evaluationsFor`. */
  readonly maxEvaluations: number;
  /** A permutation is cut once its coalition's value is this close to the value of all players, in the game's unit. */
  readonly tolerance: bigint;
  /** Seeds the permutations: any text. */
  readonly seed: string;
  /** Called after every evaluation with the completed share of `evaluationsFor`. */
  readonly onProgress?: ((share: number) => void) | undefined;
}

/** Player i's value is `numerators[i] / denominator`, exact. */
export interface ShapleyValues {
  readonly numerators: readonly bigint[];
  readonly denominator: bigint;
  /** Whether the values are exact, not estimates. */
  readonly exact: boolean;
  readonly evaluations: number;
}

/** Consecutive unusable pairs of permutations that end the estimate. */
const MAX_VAIN_DRAWS = 100;

/**
 * Maximum number of evaluations by `shapleyValues`: `2^n - 1` if `maxEvaluations` allows it, else `maxEvaluations`, but
 * at least the `2n - 1` of one pair of permutations, so that every player is measured.
 */
export function evaluationsFor(players: number, maxEvaluations: number): number {
  return isExact(players, maxEvaluations) ? 2 ** players - 1 : Math.max(maxEvaluations, 2 * players - 1);
}

/**
 * Computes Shapley values with few evaluations, in exact arithmetic: the same game and seed give the same fractions.
 *
 * If the budget covers all coalitions: the definition (Shapley 1953). Otherwise truncated permutation sampling
 * (Ghorbani and Zou 2019, arXiv 1904.02868, algorithm 1): a player's value is its mean marginal over permutations. Each
 * permutation is cut, with marginals of 0 from there on, once its value is within `tolerance` of the value of all
 * players. Permutations come in antithetic pairs, one and its reverse (Mitchell et al. 2022, arXiv 2104.12199): if
 * players interact only in pairs, one pair is exact. Values of coalitions are cached, so a pair costs only its new
 * coalitions; pairs that exceed the remaining budget are skipped.
 *
 * Each pair's permutation is the next Fisher-Yates shuffle of 0..n - 1 by the seed's stream `commonweight/shapley`
 * (`hash-stream.ts`).
 *
 * @throws errors of `game.value`; the signal's reason on abort
 */
export async function shapleyValues(game: Game, options: ShapleyOptions, signal: AbortSignal): Promise<ShapleyValues> {
  const coalitions = new Coalitions(game, options, signal);
  if (isExact(game.players, options.maxEvaluations)) return exactValues(game.players, coalitions);
  return sampledValues(game.players, options, coalitions);
}

function isExact(players: number, maxEvaluations: number): boolean {
  return players <= 30 && 2 ** players - 1 <= maxEvaluations;
}

/** Values of coalitions, each evaluated once. A coalition is a bit mask. */
class Coalitions {
  readonly #values = new Map<bigint, bigint>([[0n, 0n]]);
  readonly #game: Game;
  readonly #options: ShapleyOptions;
  readonly #signal: AbortSignal;

  constructor(game: Game, options: ShapleyOptions, signal: AbortSignal) {
    this.#game = game;
    this.#options = options;
    this.#signal = signal;
  }

  get evaluations(): number {
    return this.#values.size - 1;
  }

  get remaining(): number {
    return evaluationsFor(this.#game.players, this.#options.maxEvaluations) - this.evaluations;
  }

  /** Number of these coalitions that are not evaluated yet. */
  unknown(masks: readonly bigint[]): number {
    return new Set(masks.filter((mask) => !this.#values.has(mask))).size;
  }

  async value(mask: bigint): Promise<bigint> {
    const known = this.#values.get(mask);
    if (known !== undefined) return known;
    // Evaluations may block: yield to the event loop between them.
    await setImmediate();
    this.#signal.throwIfAborted();
    const value = await this.#game.value(membersOf(mask, this.#game.players));
    this.#values.set(mask, value);
    this.#options.onProgress?.(this.evaluations / (this.evaluations + this.remaining));
    return value;
  }
}

/** `sum over S without i of |S|! (n - 1 - |S|)! (v(S + i) - v(S))`, over n!. */
async function exactValues(players: number, coalitions: Coalitions): Promise<ShapleyValues> {
  const numerators = Array.from({ length: players }, () => 0n);
  const weights = Array.from({ length: players }, (_, size) => factorial(size) * factorial(players - 1 - size));
  for (let mask = 0n; mask < 1n << BigInt(players); mask++) {
    const value = await coalitions.value(mask);
    const size = membersOf(mask, players).length;
    for (const player of numerators.keys()) {
      // Each coalition's value is added for its members and subtracted for the other players.
      const isMember = (mask & bit(player)) !== 0n;
      const term = isMember ? value * (weights[size - 1] ?? 0n) : -value * (weights[size] ?? 0n);
      numerators[player] = (numerators[player] ?? 0n) + term;
    }
  }
  return { numerators, denominator: factorial(players), exact: true, evaluations: coalitions.evaluations };
}

async function sampledValues(players: number, options: ShapleyOptions, coalitions: Coalitions): Promise<ShapleyValues> {
  const random = hashStream("commonweight/shapley", options.seed);
  const numerators = Array.from({ length: players }, () => 0n);
  const total = await coalitions.value(bit(players) - 1n);
  const seen = new Set<string>();
  let permutations = 0n;
  for (let vain = 0; vain < MAX_VAIN_DRAWS && coalitions.remaining > 0; vain++) {
    const order = shuffle([...numerators.keys()], random);
    const pair = [order, order.toReversed()];
    const isNew = pair.every((one) => !seen.has(one.join()));
    if (!isNew || coalitions.unknown(pair.flatMap(prefixesOf)) > coalitions.remaining) continue;
    for (const one of pair) {
      seen.add(one.join());
      await addMarginals(numerators, one, { total, tolerance: options.tolerance }, coalitions);
    }
    permutations += 2n;
    vain = -1;
  }
  return { numerators, denominator: permutations, exact: false, evaluations: coalitions.evaluations };
}

async function addMarginals(
  numerators: bigint[],
  order: readonly number[],
  end: { readonly total: bigint; readonly tolerance: bigint },
  coalitions: Coalitions,
): Promise<void> {
  let before = 0n;
  for (const [place, mask] of prefixesOf(order).entries()) {
    if (magnitude(end.total - before) <= end.tolerance) return;
    const value = await coalitions.value(mask);
    const player = order[place] ?? 0;
    numerators[player] = (numerators[player] ?? 0n) + value - before;
    before = value;
  }
}

/** Coalitions along a permutation: its first member, its first two, ..., all. */
function prefixesOf(order: readonly number[]): bigint[] {
  let mask = 0n;
  return order.map((player) => (mask |= bit(player)));
}

function membersOf(mask: bigint, players: number): number[] {
  return Array.from({ length: players }, (_, player) => player).filter((player) => (mask & bit(player)) !== 0n);
}

function bit(player: number): bigint {
  return 1n << BigInt(player);
}

function factorial(n: number): bigint {
  return n < 2 ? 1n : BigInt(n) * factorial(n - 1);
}

function magnitude(value: bigint): bigint {
  return value < 0n ? -value : value;
}
