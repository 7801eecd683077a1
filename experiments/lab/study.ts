import type { Outcome, Scenario } from "./scenario.ts";

/** Figures of one run, by name. */
export type Figures = Readonly<Record<string, number>>;

/** One setting of a study's jobs. */
export interface Case {
  readonly name: string;
  scenario(seed: number): Scenario | Promise<Scenario>;
  /** Computes the figures of a run. */
  measure(outcome: Outcome, scenario: Scenario, seed: number): Figures | Promise<Figures>;
}

/** One run's figures, as saved in `results/`. */
export interface Sample {
  readonly case: string;
  readonly seed: number;
  /** Number of attempts, including those of the confirming round. */
  readonly attempts: number;
  readonly figures: Figures;
}

/** A figure compared with its target. */
export interface Check {
  readonly what: string;
  readonly target: string;
  readonly figure: string;
  /** Distance to the target; `undefined` if it is met. */
  readonly missedBy: string | undefined;
}

export interface Table {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Lines over one axis. */
export interface Plot {
  readonly name: string;
  readonly title: string;
  readonly x: string;
  readonly y: string;
  readonly lines: readonly { readonly label: string; readonly points: readonly (readonly [x: number, y: number])[] }[];
}

/** Evaluation of a study's samples. */
export interface Judgement {
  readonly checks: readonly Check[];
  readonly table: Table;
  readonly plot?: Plot;
  /** Paragraphs that explain the figures. */
  readonly words: readonly string[];
}

/** One row of the incentives study: a question, its cases and its targets. */
export interface Study {
  readonly id: string;
  /** Name of its source file, for the fingerprint. */
  readonly file: string;
  readonly title: string;
  readonly target: string;
  /** Description of the measurement. */
  readonly setting: string;
  readonly cases: readonly Case[];
  judge(samples: Samples): Judgement;
}

/** The samples of a study. */
export class Samples {
  readonly all: readonly Sample[];

  constructor(all: readonly Sample[]) {
    this.all = all;
  }

  /** A case's figure for each seed, in the order of seeds. */
  figure(name: string, key: string): readonly number[] {
    const own = this.all.filter((sample) => sample.case === name).toSorted((a, b) => a.seed - b.seed);
    return own.map(({ figures }) => {
      const value = figures[key];
      if (value === undefined) throw new Error(`${name} has no figure ${key}`);
      return value;
    });
  }

  mean(name: string, key: string): number {
    return meanOf(this.figure(name, key));
  }

  /** Share of seeds for which `holds` is true, 0 to 1. */
  shareOf(name: string, keys: readonly string[], holds: (...values: readonly number[]) => boolean): number {
    const columns = keys.map((key) => this.figure(name, key));
    const count = columns[0]?.length ?? 0;
    const held = Array.from({ length: count }, (_, seed) => holds(...columns.map((column) => column[seed]!)));
    return held.filter(Boolean).length / Math.max(count, 1);
  }

  /** Differences of a figure between two cases, seed by seed. */
  gaps(name: string, reference: string, key: string): readonly number[] {
    const base = this.figure(reference, key);
    return this.figure(name, key).map((value, seed) => value - base[seed]!);
  }
}

export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(values.length, 1);
}

/** Two standard errors of a mean. */
export function errorOf(values: readonly number[]): number {
  const mean = meanOf(values);
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(values.length - 1, 1);
  return 2 * Math.sqrt(variance / Math.max(values.length, 1));
}

/** Limit of a check, and format of its number. */
export interface Target {
  readonly limit: number;
  readonly unit: string;
  /** Decimal places; default 2. */
  readonly digits?: number;
}

/** A check that a number is at most its limit. */
export function atMost(what: string, value: number, { limit, unit, digits = 2 }: Target): Check {
  return {
    what,
    target: `<= ${limit} ${unit}`,
    figure: `${value.toFixed(digits)} ${unit}`,
    missedBy: value <= limit ? undefined : `${(value - limit).toFixed(digits)} ${unit}`,
  };
}

/** A check that a number is at least its limit. */
export function atLeast(what: string, value: number, { limit, unit, digits = 2 }: Target): Check {
  return {
    what,
    target: `>= ${limit} ${unit}`,
    figure: `${value.toFixed(digits)} ${unit}`,
    missedBy: value >= limit ? undefined : `${(limit - value).toFixed(digits)} ${unit}`,
  };
}

export function percent(share: number, digits = 1): string {
  return `${(100 * share).toFixed(digits)} %`;
}
