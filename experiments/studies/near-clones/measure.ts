import { clipToMedianNorm } from "../../../trainer/aggregation/clip.ts";
import { meanOf } from "../../../trainer/aggregation/vectors/mean.ts";
import type { Engine } from "../../../trainer/engine/port.ts";
import type { Weights } from "../../../trainer/model/tensors.ts";
import type { LabelledData } from "../../../trainer/data/labelled-data.ts";
import type { Labels } from "../../../trainer/scoring/near-clones.ts";
import { CLONES } from "./clones.ts";
import { honestRounds, openWorld, trainingSeed, type HonestRound, type World } from "./federation.ts";
import { MEASURED_ROUNDS, type Setting } from "./setting.ts";
import { similarityOf, type Answered, type Reference, type Similarity } from "./similarity.ts";

/** Number of updates per round that are cloned. */
const ORIGINALS = 2;

/** One pair of updates of one round. */
export interface Pair {
  readonly setting: Setting;
  readonly round: number;
  readonly role: "innocent" | "clone" | "hub";
  /** Innocents: how they share data. Clones: how they were made. Hubs: the update in the middle. */
  readonly kind: string;
  readonly similarity: Similarity;
  /** Accuracy of the second update on the holdout, minus that of the first. */
  readonly accuracyGain: number;
  /** Accuracy of the first update on the holdout. */
  readonly accuracy: number;
}

/** Engine and predictor of a measurement. */
export interface Bench {
  readonly engine: Engine;
  predict(world: World, weights: Weights, signal: AbortSignal): Promise<Labels>;
}

/** Measures a run: in each measured round all pairs of honest updates, clones of some of them, and two hubs. */
export async function* measure(
  bench: Bench,
  data: LabelledData,
  setting: Setting,
  signal: AbortSignal,
): AsyncGenerator<Pair> {
  const { engine } = bench;
  const world = openWorld(data, setting);
  for await (const round of honestRounds({ engine, world, setting }, MEASURED_ROUNDS.at(-1)!, signal)) {
    if (MEASURED_ROUNDS.some((number) => number === round.number)) {
      yield* measureRound({ bench, world, setting }, round, signal);
    }
  }
}

async function* measureRound(
  { bench, world, setting }: { readonly bench: Bench; readonly world: World; readonly setting: Setting },
  round: HonestRound,
  signal: AbortSignal,
): AsyncGenerator<Pair> {
  const { base, updates, number } = round;
  const answer = async (update: Weights): Promise<Answered> => {
    return { update, predictions: await bench.predict(world, meanOf(base, [update], 1), signal) };
  };
  const reference = { labels: world.holdout.labels, base: await bench.predict(world, base, signal) };
  const pair = (role: Pair["role"], kind: string, first: Answered, second: Answered): Pair => {
    const [accuracy, other] = [accuracyOf(first, reference), accuracyOf(second, reference)];
    const similarity = similarityOf(first, second, reference);
    return { setting, round: number, role, kind, similarity, accuracy, accuracyGain: other - accuracy };
  };

  const honest: Answered[] = [];
  for (const update of clipToMedianNorm(updates)) honest.push(await answer(update));
  for (const [index, first] of honest.entries()) {
    for (const second of honest.slice(index + 1)) yield pair("innocent", setting.sharing, first, second);
  }
  for (const [index, update] of updates.slice(0, ORIGINALS).entries()) {
    const { engine } = bench;
    const { model, parts } = world;
    const seed = trainingSeed(setting.seed, number, 1_000 + index);
    for (const [kind, make] of Object.entries(CLONES)) {
      const clone = await make({ engine, model, base, update, samples: parts[index]!, seed }, signal);
      // Clipped as if only this clone had joined the honest updates.
      const clipped = clipToMedianNorm([...updates, clone]).at(-1)!;
      yield pair("clone", kind, honest[index]!, await answer(clipped));
    }
  }
  const still = await answer(new Float32Array(base.length));
  const mean = await answer(meanUpdate(honest));
  for (const one of honest) {
    yield pair("hub", "the base itself", one, still);
    yield pair("hub", "mean update", one, mean);
  }
}

function meanUpdate(honest: readonly Answered[]): Weights {
  const zeros = new Float32Array(honest[0]?.update.length ?? 0);
  return meanOf(
    zeros,
    honest.map(({ update }) => update),
    honest.length,
  );
}

function accuracyOf({ predictions }: Answered, { labels }: Reference): number {
  return predictions.filter((label, at) => label === labels[at]).length / labels.length;
}
