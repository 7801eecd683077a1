import type { Weights } from "../../../trainer/model/tensors.ts";
import { normOf } from "../../../trainer/aggregation/clip.ts";
import { jaccardOfErrors, type Labels } from "../../../trainer/scoring/near-clones.ts";
import type { Rational } from "../../../trainer/aggregation/rational.ts";

/**
 * Ways to say how alike two updates are.
 *
 * - `errors`: shared wrong answers over all wrong answers.
 * - `fresh`: the same where the base is right: what the base got wrong already does not count.
 * - `changes`: shared changes of the base's answers over all changes of them, right or wrong.
 * - `cosine`: of the angle between the two differences to the base. Looks at weights, not at answers.
 */
export const STATISTICS = ["errors", "fresh", "changes", "cosine"] as const;
export type Statistic = (typeof STATISTICS)[number];
export type Similarity = Readonly<Record<Statistic, Rational>>;

/** One update as a validator sees it. */
export interface Answered {
  /** Clipped difference to the base. */
  readonly update: Weights;
  readonly predictions: Labels;
}

/** What two updates of one round are compared against. */
export interface Reference {
  readonly labels: Labels;
  readonly base: Labels;
}

/** A cosine is kept in billionths. */
const UNIT = 1_000_000_000;

export function similarityOf(a: Answered, b: Answered, { labels, base }: Reference): Similarity {
  const wasRight = (values: Labels) => values.filter((_, at) => base[at] === labels[at]);
  return {
    errors: jaccardOfErrors(a.predictions, b.predictions, labels),
    fresh: jaccardOfErrors(wasRight(a.predictions), wasRight(b.predictions), wasRight(labels)),
    changes: jaccardOfErrors(a.predictions, b.predictions, base),
    cosine: cosineOf(a.update, b.update),
  };
}

function cosineOf(a: Weights, b: Weights): Rational {
  let product = 0;
  for (let at = 0; at < a.length; at++) product += a[at]! * b[at]!;
  const norms = normOf(a) * normOf(b);
  const cosine = norms === 0 ? 0 : product / norms;
  return { numerator: BigInt(Math.round(cosine * UNIT)), denominator: BigInt(UNIT) };
}
