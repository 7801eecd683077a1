import { expect } from "chai";
import fc from "fast-check";

import { evaluationsFor, shapleyValues, type Game, type ShapleyValues } from "../../../trainer/scoring/shapley.ts";

const { signal } = new AbortController();
const SEED = "ab".repeat(32);

/** A game with a table of values by bit mask, which records the queries. */
function tableGame(values: readonly bigint[]): Game & { asked: number[] } {
  const asked: number[] = [];
  const value = (coalition: readonly number[]) => {
    const mask = coalition.reduce((bits, player) => bits | (1 << player), 0);
    asked.push(mask);
    return Promise.resolve(values[mask] ?? 0n);
  };
  return { players: Math.log2(values.length), value, asked };
}

function solve(game: Game, maxEvaluations: number, seed = SEED, tolerance = 0n): Promise<ShapleyValues> {
  return shapleyValues(game, { maxEvaluations, tolerance, seed }, signal);
}

/** An independent model: the mean marginal value over all orders. */
function byAllOrders(values: readonly bigint[]): number[] {
  const players = Math.log2(values.length);
  const sums = new Array<number>(players).fill(0);
  let orders = 0;
  const visit = (mask: number, marginals: readonly (readonly [number, number])[]): void => {
    if (marginals.length === players) {
      orders++;
      for (const [player, marginal] of marginals) sums[player] = sums[player]! + marginal;
      return;
    }
    for (let player = 0; player < players; player++) {
      const next = mask | (1 << player);
      if (next !== mask) visit(next, [...marginals, [player, Number(values[next]! - values[mask]!)]]);
    }
  };
  visit(0, []);
  return sums.map((sum) => sum / orders);
}

function asNumbers({ numerators, denominator }: ShapleyValues): number[] {
  return numerators.map((numerator) => Number(numerator) / Number(denominator));
}

const anyGame = fc.integer({ min: 1, max: 5 }).chain((players) => {
  const value = fc.bigInt({ min: -1_000_000n, max: 1_000_000n });
  return fc
    .array(value, { minLength: 2 ** players, maxLength: 2 ** players })
    .map((values) => [0n, ...values.slice(1)]);
});

/** A game with effects of single players and of pairs, like a loss close to the model. */
function pairwiseGame(players: number): bigint[] {
  return Array.from({ length: 2 ** players }, (_, mask) => {
    let value = 0n;
    for (let i = 0; i < players; i++) {
      if (((mask >> i) & 1) === 0) continue;
      value += BigInt(100_000 * (i + 1));
      for (let j = 0; j < i; j++) if (((mask >> j) & 1) === 1) value -= BigInt(1_000 * (i + 3 * j));
    }
    return value;
  });
}

describe("Shapley values, exact", () => {
  it("are the mean marginals over all orders", async () => {
    const property = fc.asyncProperty(anyGame, async (values) => {
      const result = await solve(tableGame(values), 31);
      expect(result.exact).to.equal(true);
      for (const [player, expected] of byAllOrders(values).entries()) {
        expect(asNumbers(result)[player]).to.be.closeTo(expected, 1e-6);
      }
    });
    await fc.assert(property, { numRuns: 60 });
  });

  it("sum to the value of all (efficiency), to the unit", async () => {
    const property = fc.asyncProperty(anyGame, async (values) => {
      const { numerators, denominator } = await solve(tableGame(values), 31);
      expect(numerators.reduce((sum, own) => sum + own, 0n)).to.equal(values.at(-1)! * denominator);
    });
    await fc.assert(property, { numRuns: 60 });
  });

  it("are 0 for a player that changes nothing (null player) and equal for players that change the same (symmetry)", async () => {
    // Player 2 has no effect; players 0 and 1 are interchangeable.
    const worth = [0n, 50n, 50n, 170n];
    const values = Array.from({ length: 8 }, (_, mask) => worth[mask & 3]!);
    const { numerators, denominator } = await solve(tableGame(values), 7);
    expect(numerators).to.deep.equal([85n * denominator, 85n * denominator, 0n]);
  });

  it("ask for each coalition once, and never for the empty one", async () => {
    const game = tableGame(pairwiseGame(5));
    const { evaluations } = await solve(game, 31);
    expect(evaluations).to.equal(31);
    expect([...game.asked].sort((a, b) => a - b)).to.deep.equal(Array.from({ length: 31 }, (_, at) => at + 1));
  });
});

describe("Shapley values, sampled", () => {
  it("stay within the budget, and ask for no coalition twice", async () => {
    for (const [players, budget] of [
      [6, 60],
      [8, 60],
      [10, 60],
      [12, 23],
    ] as const) {
      const game = tableGame(pairwiseGame(players));
      const { evaluations, exact } = await solve(game, budget);
      expect(exact).to.equal(false);
      expect(evaluations).to.be.at.most(evaluationsFor(players, budget)).and.equal(game.asked.length);
      expect(new Set(game.asked).size).to.equal(game.asked.length);
    }
  });

  it("measure every player, even where the budget is too small: one pair is always completed", async () => {
    expect([evaluationsFor(5, 60), evaluationsFor(8, 60), evaluationsFor(64, 60)]).to.deep.equal([31, 60, 127]);
    const value = (coalition: readonly number[]) => Promise.resolve(BigInt(coalition.length) * 10n);
    const { numerators, denominator, evaluations } = await solve({ players: 64, value }, 60);
    expect(evaluations).to.equal(127);
    expect(denominator).to.equal(2n);
    expect(new Set(numerators)).to.deep.equal(new Set([20n]));
  });

  it("are exact where players interact in pairs only", async () => {
    const values = pairwiseGame(8);
    const [sampled, exact] = [await solve(tableGame(values), 60), await solve(tableGame(values), 255)];
    expect(exact.exact).to.equal(true);
    expect(asNumbers(sampled)).to.deep.equal(asNumbers(exact));
  });

  it("sum to the value of all where nothing is cut, and are 0 for a player that changes nothing", async () => {
    const values = Array.from(
      { length: 256 },
      (_, mask) => BigInt(((mask & 127) * 7_919) % 1_009) * BigInt(mask & 127),
    );
    const { numerators, denominator } = await solve(tableGame(values), 60);
    expect(numerators.reduce((sum, own) => sum + own, 0n)).to.equal(values.at(-1)! * denominator);
    expect(numerators[7]).to.equal(0n);
  });

  it("are the same for the same seed, and others for another", async () => {
    const values = Array.from({ length: 256 }, (_, mask) => BigInt((mask * mask * 31) % 977));
    const first = await solve(tableGame(values), 60);
    expect(await solve(tableGame(values), 60)).to.deep.equal(first);
    expect(asNumbers(await solve(tableGame(values), 60, "cd".repeat(32)))).not.to.deep.equal(asNumbers(first));
  });

  it("have no bias", async () => {
    // Third-order effects, so that sampling is not exact.
    const values = Array.from({ length: 256 }, (_, mask) => {
      const size = mask.toString(2).replaceAll("0", "").length;
      return BigInt(size ** 3 * 100 + ((mask & 7) === 7 ? 30_000 : 0) + (mask & 24 ? 7_000 : 0));
    });
    const truth = asNumbers(await solve(tableGame(values), 255));
    const seeds = Array.from({ length: 200 }, (_, at) => `seed ${at}`);
    const estimates = await Promise.all(seeds.map((seed) => solve(tableGame(values), 60, seed).then(asNumbers)));
    for (const [player, exact] of truth.entries()) {
      const own = estimates.map((estimate) => estimate[player]!);
      const mean = own.reduce((sum, one) => sum + one, 0) / own.length;
      const variance = own.reduce((sum, one) => sum + (one - mean) ** 2, 0) / own.length;
      expect(mean).to.be.closeTo(exact, 4 * Math.sqrt(variance / own.length));
    }
  });

  it("cut a permutation where its value is as good as all players'", async () => {
    const value = (coalition: readonly number[]) => Promise.resolve(coalition.includes(3) ? 1_000n : 0n);
    const cut = await solve({ players: 12, value }, 60, SEED, 1n);
    const full = await solve({ players: 12, value }, 60, SEED, -1n);
    expect(asNumbers(cut)).to.deep.equal(asNumbers(full));
    expect(cut.denominator > full.denominator).to.equal(true);
  });

  it("stop where the signal aborts, and hand on what the game throws", async () => {
    const stop = new AbortController();
    let asked = 0;
    const value = () => {
      if (++asked === 5) stop.abort();
      return Promise.resolve(1n);
    };
    const options = { maxEvaluations: 60, tolerance: 0n, seed: SEED };
    const stopped = await shapleyValues({ players: 8, value }, options, stop.signal).catch((error: unknown) => error);
    expect(stopped).to.have.property("name", "AbortError");
    expect(asked).to.equal(5);
    const broken = { players: 3, value: () => Promise.reject(new Error("out of memory")) };
    expect(await solve(broken, 60).catch((error: unknown) => error)).to.have.property("message", "out of memory");
  });

  it("report progress that rises and ends at 1", async () => {
    for (const budget of [60, 255]) {
      const shares: number[] = [];
      const options = {
        maxEvaluations: budget,
        tolerance: -1n,
        seed: SEED,
        onProgress: (share: number) => shares.push(share),
      };
      await shapleyValues(tableGame(pairwiseGame(8)), options, signal);
      expect(shares).to.deep.equal(shares.toSorted((a, b) => a - b));
      expect(shares.at(-1)).to.be.within(0.9, 1);
    }
  });
});
