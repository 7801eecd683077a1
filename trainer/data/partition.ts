import { CommonweightError } from "@commonweight/sdk/errors";
import { dirichlet } from "./dirichlet.ts";
import { indicesUpTo, hashStream, shuffle, type HashStream } from "../random/hash-stream.ts";

/**
 * The rule that splits samples into parts.
 *
 * - `iid`: at random. `shares` are the parts' shares of the samples, positive, with sum 1; equal by default.
 * - `dirichlet`: label skew, Hsu, Qi, Brown 2019 (arXiv 1909.06335): each part draws its mix of classes from `Dir(alpha
 *   p)`, where p is the data set's class mix. A small alpha gives parts of one class, a large one the mix p.
 * - `shards`: pathological label skew, McMahan et al. 2017 (arXiv 1602.05629): sorted by label, cut into equal shards,
 *   `shardsPerPart` of them to each part (2 in the paper).
 */
export type PartitionRule =
  | { readonly kind: "iid"; readonly shares?: readonly number[] }
  | { readonly kind: "dirichlet"; readonly alpha: number }
  | { readonly kind: "shards"; readonly shardsPerPart: number };

/**
 * Splits samples into parts: every sample is in exactly one part, and no part is empty.
 *
 * The same arguments give the same parts. Within a part the order is random, so that any slice of it resembles the
 * whole.
 *
 * @param labels class of every sample
 * @param parts number of parts, 1 or more
 * @param seed any text
 * @returns for every part the indices of its samples
 * @throws PARTITION_PARAMETER · PARTITION_EMPTY_PART a part would be empty
 */
export function partition(
  labels: Uint16Array,
  parts: number,
  rule: PartitionRule,
  seed: string,
): readonly Uint32Array[] {
  if (!Number.isSafeInteger(parts) || parts < 1) throw badParameter(`${parts} parts`);
  const random = hashStream(`commonweight/partition/${rule.kind}`, seed);
  const dealt = deal(labels, parts, rule, random);
  const hollow = dealt.findIndex((part) => part.length === 0);
  if (hollow >= 0) throw emptyPart(hollow, parts, labels.length);
  return dealt.map((part) => shuffle(part, random));
}

function deal(labels: Uint16Array, parts: number, rule: PartitionRule, random: HashStream): readonly Uint32Array[] {
  switch (rule.kind) {
    case "iid":
      return dealAtRandom(labels.length, rule.shares ?? equalShares(parts), parts, random);
    case "dirichlet":
      return dealByMix(labels, parts, rule.alpha, random);
    case "shards":
      return dealShards(labels, parts, rule.shardsPerPart, random);
  }
}

function dealAtRandom(count: number, shares: readonly number[], parts: number, random: HashStream): Uint32Array[] {
  const sum = shares.reduce((total, share) => total + share, 0);
  if (shares.length !== parts || !shares.every((share) => share > 0) || Math.abs(sum - 1) > 1e-9) {
    throw badParameter(`shares [${shares.join(", ")}] for ${parts} parts`);
  }
  return cut(shuffle(indicesUpTo(count), random), shares);
}

/**
 * Parts take turns, one sample at a time, so that a class runs out for all parts at the same time; sizes differ by at
 * most one.
 */
function dealByMix(labels: Uint16Array, parts: number, alpha: number, random: HashStream): Uint32Array[] {
  if (!(alpha > 0) || alpha > 1e6) throw badParameter(`alpha ${alpha}`);
  const stock = indicesByLabel(labels).map((indices) => shuffle(indices, random));
  const prior = stock.map((indices) => (alpha * indices.length) / labels.length);
  const mixes = Array.from({ length: parts }, () => dirichlet(prior, random));
  const dealt: number[][] = mixes.map(() => []);
  for (let sample = 0; sample < labels.length; sample++) {
    const part = sample % parts;
    const index = stock[drawClass(mixes[part] ?? [], stock, random)]?.pop();
    if (index !== undefined) dealt[part]?.push(index);
  }
  return dealt.map((indices) => Uint32Array.from(indices));
}

/** Draws a remaining class by the part's mix, or by the remaining stock if the mix has none of these classes. */
function drawClass(mix: readonly number[], stock: readonly number[][], random: HashStream): number {
  const left = stock.map((indices, label) => (indices.length > 0 ? (mix[label] ?? 0) : 0));
  const weights = left.some((weight) => weight > 0) ? left : stock.map((indices) => indices.length);
  let rest = random.unit() * weights.reduce((sum, weight) => sum + weight, 0);
  let last = 0;
  for (const [label, weight] of weights.entries()) {
    if (weight === 0) continue;
    last = label;
    rest -= weight;
    if (rest < 0) break;
  }
  return last;
}

function dealShards(labels: Uint16Array, parts: number, shardsPerPart: number, random: HashStream): Uint32Array[] {
  const shardCount = parts * shardsPerPart;
  if (!Number.isSafeInteger(shardsPerPart) || shardsPerPart < 1 || shardCount > labels.length) {
    throw badParameter(`${shardsPerPart} shards per part from ${labels.length} samples`);
  }
  const sorted = Uint32Array.from(indicesByLabel(labels).flatMap((indices) => shuffle(indices, random)));
  const shards = cut(sorted, equalShares(shardCount));
  const order = shuffle(indicesUpTo(shardCount), random);
  return Array.from({ length: parts }, (_, part) => {
    const mine = order.subarray(part * shardsPerPart, (part + 1) * shardsPerPart);
    return Uint32Array.from([...mine].flatMap((shard) => [...(shards[shard] ?? [])]));
  });
}

/** Cuts a list at the rounded running sums of the shares. */
function cut(list: Uint32Array, shares: readonly number[]): Uint32Array[] {
  let share = 0;
  let start = 0;
  return shares.map((own, at) => {
    share += own;
    const end = at === shares.length - 1 ? list.length : Math.round(share * list.length);
    const piece = list.slice(start, end);
    start = end;
    return piece;
  });
}

function indicesByLabel(labels: Uint16Array): number[][] {
  const classes = labels.reduce((most, label) => Math.max(most, label), 0) + 1;
  const stock: number[][] = Array.from({ length: classes }, () => []);
  for (const [index, label] of labels.entries()) stock[label]?.push(index);
  return stock;
}

function equalShares(parts: number): number[] {
  return Array.from({ length: parts }, () => 1 / parts);
}

function badParameter(what: string): CommonweightError {
  return new CommonweightError(
    "PARTITION_PARAMETER",
    `the samples cannot be split: ${what}`,
    "Use 1 or more parts, positive shares that sum to 1, a positive alpha, and fewer shards than samples.",
  );
}

function emptyPart(part: number, parts: number, samples: number): CommonweightError {
  return new CommonweightError(
    "PARTITION_EMPTY_PART",
    `part ${part + 1} of ${parts} would get none of the ${samples} samples`,
    "Use fewer parts, larger shares or more samples.",
  );
}
