import type { Outcome, Scenario } from "./scenario.ts";

/** Numbers of one run, by their names. */
export type Figures = Readonly<Record<string, number>>;

/** One way to run a study's jobs. */
export interface Case {
  readonly name: string;
  scenario(seed: number): Scenario | Promise<Scenario>;
  /** What counts of a run's outcome. */
  measure(outcome: Outcome, scenario: Scenario, seed: number): Figures | Promise<Figures>;
}

/** One run's numbers: what `results/` keeps. */
export interface Sample {
  readonly case: string;
  readonly seed: number;
  /** Attempts of committees, the confirming round's included. */
  readonly attempts: number;
  readonly figures: Figures;
}

/** A figure beside its target. */
export interface Check {
  readonly what: string;
  readonly target: string;
  readonly figure: string;
  /** By how much it is missed; nothing where it is met. */
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

/** What a study's samples come to. */
export interface Judgement {
  readonly checks: readonly Check[];
  readonly table: Table;
  readonly plot?: Plot;
  /** What the figures mean, in plain words. */
  readonly words: readonly string[];
}

/** A row of the acceptance table. */
export interface Study {
  readonly id: string;
  /** Name of the file that it stands in. */
  readonly file: string;
  readonly title: string;
  readonly target: string;
  /** How it is measured. */
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

  /** A figure of a case, one number a seed in the seeds' order. */
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

  /** Share of the seeds for which it holds: 0..1. */
  shareOf(name: string, keys: readonly string[], holds: (...values: readonly number[]) => boolean): number {
    const columns = keys.map((key) => this.figure(name, key));
    const count = columns[0]?.length ?? 0;
    const held = Array.from({ length: count }, (_, seed) => holds(...columns.map((column) => column[seed]!)));
    return held.filter(Boolean).length / Math.max(count, 1);
  }

  /** Differences of a figure to another case's, seed by seed. */
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

/** What a number is held against. */
export interface Target {
  readonly limit: number;
  readonly unit: string;
  /** Decimal places that are shown; 2 where left out. */
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
