import { readFileSync } from "node:fs";
import { join } from "node:path";

import { expect } from "chai";

import { ATTACKS } from "../../experiments/studies/seed/attacks.ts";
import { CASES, isOf, measure, type Sample } from "../../experiments/studies/seed/measure.ts";
import {
  exactChance,
  majorityOf,
  playDraw,
  stageOf,
  type Attack,
  type Choice,
} from "../../experiments/studies/seed/play-draw.ts";
import { totalOf, withFigures, withSeedTable } from "../../experiments/studies/seed/report.ts";
import { parseSamples, samplesCsv } from "../../experiments/studies/seed/samples-file.ts";
import { BOND, DISCLOSURE_BLOCKS, LOCK, SEATS } from "../../experiments/studies/seed/terms.ts";
import { places } from "@commonweight/sdk/protocol/draw";
import { ROOT } from "../../tools/programs/run-tool.ts";

const STUDY = join(ROOT, "experiments/studies/seed");
/** Standard errors that a share of draws may lie from its exact value; all of some 60 shares do. */
const MOST_ERRORS = 4;
/** Seeds that give a party of 15 so many seats of 7, by seats. */
const seedWith = (wanted: number) => {
  const { bytes32 } = stageOf(15, 7, "search");
  for (;;) {
    const seed = bytes32();
    if (places(seed, 60, 7).filter((place) => place < 15).length === wanted) return seed;
  }
};
const attackOf = (...choices: readonly Choice[]): Attack => ({
  ...{ id: "fixed", rule: "after", who: "-", price: "-", choices: () => choices },
});
const stage = stageOf(15, 7, "any");

/** Whether a chance is another but for rounding. Hardhat makes `closeTo` take whole numbers only. */
function near(expected: number): (chance: number) => boolean {
  return (chance) => Math.abs(chance - expected) < 1e-9;
}

describe("one draw of the seed study", () => {
  it("takes the first seed with a majority, and pays for that alone", () => {
    const dear = attackOf({ seed: seedWith(2) }, { seed: seedWith(5), bonds: 2 }, { seed: seedWith(6), bonds: 1 });
    expect(playDraw(dear, stage)).to.deep.equal({ seats: 5, won: true, bonds: 2, locks: 0 });
  });
  it("pays nothing where no seed has a majority", () => {
    const vain = attackOf({ seed: seedWith(1) }, { seed: seedWith(3), bonds: 1, locks: 1 }, { seed: seedWith(0) });
    expect(playDraw(vain, stage)).to.deep.equal({ seats: 3, won: false, bonds: 0, locks: 0 });
  });
  it("seats a party by the seed that comes, not by the one that it foresees", () => {
    const blind = attackOf({ seed: seedWith(1), foreseen: seedWith(4) });
    expect(playDraw(blind, stage)).to.deep.equal({ seats: 1, won: false, bonds: 0, locks: 0 });
  });
  it("draws nobody who is off the list", () => {
    const seed = seedWith(4);
    const struck = Array.from({ length: 15 }, (_, place) => place);
    expect(playDraw(attackOf({ seed, struck }), stage).seats).to.equal(0);
  });
  it("knows exact chances", () => {
    // Two of two seats for three of 60: 3/60 x 2/59; for the better of two draws twice that, less both.
    const both = 6 / (60 * 59);
    expect(exactChance({ party: 3, seats: 2 }, 2, 1)).to.satisfy(near(both));
    expect(exactChance({ party: 3, seats: 2 }, 2, 2)).to.satisfy(near(2 * both - both ** 2));
    expect(exactChance({ party: 20, seats: 31 }, 0, 1)).to.satisfy(near(1));
  });
});

describe("attacks of the seed study", () => {
  it("offer the seeds that the rule leaves, the cheapest first", () => {
    for (const [id, seeds] of [
      ["nobody", 1],
      ["drop-2", 3],
      ["trainers-3", 2],
      ["alone", DISCLOSURE_BLOCKS],
    ] as const) {
      const attack = ATTACKS.find((one) => one.rule === "after" && one.id === id);
      const choices = [...(attack?.choices(stageOf(15, 7, id)) ?? [])];
      expect(new Set(choices.map(({ seed }) => seed)).size, id).to.equal(seeds);
      const bonds = choices.map((choice) => choice.bonds ?? 0);
      expect(bonds).to.deep.equal(bonds.toSorted((a, b) => a - b));
    }
  });
  it("let as few seats as change the seed withhold their reveals: one where the attempt does not fail", () => {
    const attack = ATTACKS.find(({ id }) => id === "confirm");
    const locks = Array.from({ length: 20 }, (_, at) => [...(attack?.choices(stageOf(20, 7, String(at))) ?? [])]);
    expect(Math.max(...locks.flat().map((choice) => choice.locks ?? 0))).to.equal(1);
    for (const { locks: burned, struck } of locks.flat()) expect(struck).to.have.length(burned ?? -1);
  });
  it("cost what a job file's defaults say", () => {
    expect([SEATS, BOND, LOCK]).to.deep.equal([7, 10, 100]);
  });
});

describe("results of the seed study", function () {
  this.timeout(120_000);
  const samples = parseSamples(readFileSync(join(STUDY, "results/draws.csv"), "utf8"));
  const security = readFileSync(join(ROOT, "docs/security.md"), "utf8");

  it("have every case, for the same seeds", () => {
    const seeds = new Set(samples.map(({ seed }) => seed)).size;
    for (const one of CASES) expect(samples.filter((sample) => isOf(one, sample))).to.have.length(seeds);
    expect(samples).to.have.length(CASES.length * seeds);
    expect(parseSamples(samplesCsv(samples))).to.deep.equal(samples);
  });
  it("come back to the digit (otherwise run: npm run experiment -- seed --fresh)", () => {
    const cheap = ["before/drop-2", "after/nobody", "after/drop-1", "after/blind", "after/trainers-2", "after/alone"];
    const names = [...cheap, "after/confirm", "after/fail", "after/half-2"];
    for (const one of CASES.filter(({ party, seats }) => party === 20 && seats === SEATS)) {
      if (!names.includes(`${one.attack.rule}/${one.attack.id}`)) continue;
      const saved = samples.find((sample) => sample.seed === 1 && isOf(one, sample));
      expect(measure(one, 1), one.attack.id).to.deep.equal(saved);
    }
  });
  it("are close to the exact chances, where those are known", () => {
    const errors = CASES.flatMap(({ attack, party, seats }) => {
      if (attack.independent === undefined) return [];
      const goal = attack.goal?.(seats) ?? majorityOf(seats);
      const chance = exactChance({ party, seats }, goal, attack.independent);
      const { won, draws } = totalOf(samples, attack, party, seats);
      return [Math.abs(won - draws * chance) / Math.sqrt(draws * chance * (1 - chance) + 1)];
    });
    expect(errors).to.have.length.greaterThan(50);
    expect(Math.max(...errors)).to.be.lessThan(MOST_ERRORS);
  });
  it("are those of the pages (otherwise run: npm run experiment -- seed)", async () => {
    const study = readFileSync(join(STUDY, "README.md"), "utf8");
    expect(await withFigures(study, samples)).to.equal(study);
    expect(await withSeedTable(security, samples)).to.equal(security);
    const others: readonly Sample[] = samples.map((sample) => ({ ...sample, won: sample.won + 1 }));
    expect(await withSeedTable(security, others)).not.to.equal(security);
  });
});
