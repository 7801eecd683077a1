import { fileURLToPath } from "node:url";
import { resolve } from "node:path";

import { Command, InvalidArgumentError } from "commander";

import type { PresetName } from "@commonweight/sdk/spec/presets";

/** Data sets that come with the project. */
const BUNDLED = { digits: "digits", mnist: "mnist10k" } as const;
const PRESET_NAMES: readonly PresetName[] = ["linear", "2nn", "flobc-cnn"];
/** An honest trainer, and a committee that its liars cannot carry. */
const LIMITS = { trainers: [1, 20], validators: [3, 20], rounds: [1, 100] } as const;

/** What the demo runs. */
export interface DemoOptions {
  readonly trainers: number;
  readonly validators: number;
  readonly rounds: number;
  /** Folder of the data set. */
  readonly dataset: string;
  /** `undefined`: what suits the data set. */
  readonly model: PresetName | undefined;
  readonly engine: "auto" | "wasm" | "tfjs-node";
  /** Whose data the validators score on. */
  readonly holdout: "public" | "sealed";
  /** True for a cast without adversaries. */
  readonly honest: boolean;
  readonly seed: number;
  /** Folder that receives report, curve and model. */
  readonly out: string;
}

/** Parses the demo's command line; commander explains mistakes and ends the process with status 1. */
export function parseDemoOptions(argv: readonly string[]): DemoOptions {
  const program = new Command("npm run demo --")
    .description("Strangers train a neural network for money that no one of them could have taken.")
    .option("--trainers <n>", "trainers, adversaries included", whole("trainers"), 5)
    .option("--validators <n>", "validators, adversaries included", whole("validators"), 5)
    .option("--rounds <n>", "rounds of training", whole("rounds"), 3)
    .option("--dataset <name>", "digits, mnist, or a folder with an IDX pair or a CSV file", "mnist")
    .option("--model <preset>", "linear, 2nn or flobc-cnn; default flobc-cnn for pictures of 20 x 20 or more, else 2nn")
    .option("--engine <name>", "auto, wasm or tfjs-node", "auto")
    .option("--holdout <kind>", "public, or sealed: encrypted until the round's Training is over", "public")
    .option("--honest", "no adversaries", false)
    .option("--seed <n>", "seed of weights and partition", whole("seed"), 1)
    .option("--out <folder>", "receives report.json, curve.svg and model/", "demo-out")
    .allowExcessArguments(false);
  program.parse([...argv], { from: "user" });
  const values = program.opts<Omit<DemoOptions, "model" | "holdout"> & { model?: string; holdout: string }>();
  return {
    ...values,
    dataset: folderOf(values.dataset),
    model: values.model === undefined ? undefined : oneOf(program, "--model", values.model, PRESET_NAMES),
    holdout: oneOf(program, "--holdout", values.holdout, ["public", "sealed"]),
    engine: oneOf(program, "--engine", values.engine, ["auto", "wasm", "tfjs-node"]),
    out: resolve(values.out),
  };
}

function folderOf(dataset: string): string {
  const bundled = Object.entries(BUNDLED).find(([name]) => name === dataset)?.[1];
  if (bundled === undefined) return resolve(dataset);
  return fileURLToPath(new URL(`../../experiments/data/${bundled}`, import.meta.url));
}

function whole(name: keyof typeof LIMITS | "seed"): (text: string) => number {
  const [least, most] = name === "seed" ? [0, 0xffff_ffff] : LIMITS[name];
  return (text) => {
    const value = Number(text);
    if (Number.isInteger(value) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`Give a whole number from ${least} to ${most}.`);
  };
}

function oneOf<Value extends string>(program: Command, flag: string, value: string, values: readonly Value[]): Value {
  const found = values.find((candidate) => candidate === value);
  return found ?? program.error(`error: ${flag} ${value}: use ${values.join(", ")}`);
}
