import { isInBand, isProof, isVoid, quorum, verdictOf, type Verdict } from "@commonweight/sdk/protocol/consensus";
import { UNAVAILABLE } from "@commonweight/sdk/protocol/scores";

/** A committee on which some seats act together. */
export interface Bench {
  readonly seats: number;
  /** Honest seats that do nothing. */
  readonly absent: number;
}

/** What the colluding seats do with one update; the honest ones say `TRUTH`. */
export interface Mix {
  /** Seats that say `FAR`, or `HIGH`. */
  readonly far: number;
  /** Seats that say `NEAR`. */
  readonly near: number;
  /** Seats that say that there is nothing to score. */
  readonly empty: number;
  readonly silent: number;
}

/** For each aim the fewest colluding seats that reach it; `undefined` where none can, because too few reveal. */
export interface Powers {
  /** Leave an update undecided. */
  readonly undecided: number | undefined;
  /** Have an update voided. */
  readonly voided: number | undefined;
  /** Move a number within the tolerance. */
  readonly moved: number | undefined;
  /** Put another number in the place of the honest one. */
  readonly replaced: number | undefined;
  /** Fail an attempt by silence. */
  readonly failed: number | undefined;
  /** Have an honest seat slashed that did its work. */
  readonly slashed: number | undefined;
  /** Put a lower number, or a higher one, in the place of the honest one, where each validator has its own holdout. */
  readonly loweredOnOwn: number | undefined;
  readonly raisedOnOwn: number | undefined;
}

export const TOLERANCE = 10;
export const TRUTH = 300;
/** Within the tolerance of `TRUTH`. */
export const NEAR = TRUTH - TOLERANCE;
const DISTANCE = 50 * TOLERANCE;
export const FAR = TRUTH - DISTANCE;
/** As far above `TRUTH` as `FAR` is below: only on holdouts of one's own is it another thing to raise a number. */
export const HIGH = TRUTH + DISTANCE;
/** Widest band on holdouts of one's own. */
export const WIDEST = 100 * TOLERANCE;
const AIMS = 8;

/** Searches for the fewest colluding seats that reach each aim, over all that they can do. Pure. */
export function powersOf(bench: Bench): Powers {
  const fewest: Partial<Record<keyof Powers, number>> = {};
  for (let colluding = 0; colluding <= bench.seats - bench.absent; colluding++) {
    for (const mix of mixesOf(colluding)) for (const aim of reachedBy(bench, mix)) fewest[aim] ??= colluding;
    if (Object.keys(fewest).length === AIMS) break;
  }
  const { undecided, voided, moved, replaced, failed, slashed, loweredOnOwn, raisedOnOwn } = fewest;
  return { undecided, voided, moved, replaced, failed, slashed, loweredOnOwn, raisedOnOwn };
}

function reachedBy(bench: Bench, mix: Mix): readonly (keyof Powers)[] {
  if (!isJudged(bench, mix)) return ["failed"];
  const verdict = verdictOn(bench, mix, { common: true, far: FAR });
  const aims: (keyof Powers)[] = [];
  if (isReplaced(verdictOn(bench, mix, { common: false, far: FAR }))) aims.push("loweredOnOwn");
  if (isReplaced(verdictOn(bench, mix, { common: false, far: HIGH }))) aims.push("raisedOnOwn");
  if (!verdict.decided) return [...aims, "undecided"];
  if (isVoid(verdict.median)) return [...aims, "voided"];
  if (isHonestSlashed(verdict, mix, bench)) aims.push("slashed");
  if (isReplaced(verdict)) return [...aims, "replaced"];
  return verdict.median === TRUTH ? aims : [...aims, "moved"];
}

function isReplaced({ decided, median }: Verdict): boolean {
  return decided && !isVoid(median) && Math.abs(median - TRUTH) > TOLERANCE;
}

function mixesOf(colluding: number): readonly Mix[] {
  const mixes: Mix[] = [];
  for (let far = 0; far <= colluding; far++) {
    for (let near = 0; near <= colluding - far; near++) {
      for (let empty = 0; empty <= colluding - far - near; empty++) {
        mixes.push({ far, near, empty, silent: colluding - far - near - empty });
      }
    }
  }
  return mixes;
}

/** Whether so many seats reveal that the attempt does not fail for that. */
function isJudged({ seats, absent }: Bench, { silent }: Mix): boolean {
  return seats - absent - silent >= quorum(seats);
}

interface Holdout {
  /** Whether all validators score on the same one. */
  readonly common: boolean;
  /** What the seats of `Mix.far` say. */
  readonly far: number;
}

function verdictOn(bench: Bench, mix: Mix, { common, far }: Holdout): Verdict {
  const scores = [
    ...new Array<number>(mix.far).fill(far),
    ...new Array<number>(mix.near).fill(NEAR),
    ...new Array<number>(mix.empty).fill(UNAVAILABLE),
    ...new Array<number>(honestOf(bench, mix)).fill(TRUTH),
  ];
  const maxTolerance = common ? TOLERANCE : WIDEST;
  return verdictOf(scores, { seats: bench.seats, tolerance: TOLERANCE, maxTolerance, common });
}

/** The colluding seats reveal the honest fingerprint, so that honest seats can be slashed. */
function isHonestSlashed(verdict: Verdict, mix: Mix, bench: Bench): boolean {
  if (honestOf(bench, mix) === 0 || isInBand(TRUTH, verdict)) return false;
  const agreeing = (isInBand(FAR, verdict) ? mix.far : 0) + (isInBand(NEAR, verdict) ? mix.near : 0);
  return isProof(agreeing, bench.seats);
}

/** Honest seats that reveal. */
function honestOf({ seats, absent }: Bench, { far, near, empty, silent }: Mix): number {
  return seats - absent - far - near - empty - silent;
}
