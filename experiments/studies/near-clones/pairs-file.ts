import type { Pair } from "./measure.ts";
import type { DataSetName, Sharing } from "./setting.ts";
import { STATISTICS, type Similarity } from "./similarity.ts";

/** All pairs, one per line; each similarity as numerator and denominator. */
export function pairsCsv(pairs: readonly Pair[]): string {
  const head = ["data", "model", "sharing", "epochs", "seed", "round", "role", "kind", "accuracy", "accuracyGain"];
  const lines = pairs.map(({ setting, round, role, kind, similarity, accuracy, accuracyGain }) => [
    ...[setting.dataSet, setting.preset, setting.sharing, setting.epochs, setting.seed, round, role, kind],
    ...[accuracy.toFixed(4), accuracyGain.toFixed(4)],
    ...STATISTICS.flatMap((name) => [similarity[name].numerator, similarity[name].denominator]),
  ]);
  return [[...head, ...STATISTICS.flatMap((name) => [name, `${name}Of`])], ...lines]
    .map((line) => `${line.join()}\n`)
    .join("");
}

/** Parses the output of `pairsCsv`, to evaluate pairs without hours of training. Does not validate its input. */
export function parsePairs(text: string): Pair[] {
  return text
    .split("\n")
    .slice(1)
    .filter((line) => line !== "")
    .map((line) => parsePair(line.split(",")));
}

function parsePair(cells: readonly string[]): Pair {
  const cell = (at: number) => cells[at] ?? "";
  const rational = (at: number) => ({ numerator: BigInt(cell(at)), denominator: BigInt(cell(at + 1)) });
  return {
    setting: {
      dataSet: cell(0) as DataSetName,
      preset: "2nn",
      sharing: cell(2) as Sharing,
      epochs: Number(cell(3)),
      seed: Number(cell(4)),
    },
    round: Number(cell(5)),
    role: cell(6) as Pair["role"],
    kind: cell(7),
    accuracy: Number(cell(8)),
    accuracyGain: Number(cell(9)),
    similarity: Object.fromEntries(STATISTICS.map((name, at) => [name, rational(10 + 2 * at)])) as Similarity,
  };
}
