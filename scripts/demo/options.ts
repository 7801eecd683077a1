import { fileURLToPath } from "node:url";
import { resolve } from "node:path";

import { Command, InvalidArgumentError } from "commander";

import type { PresetName } from "@commonweight/sdk/spec/presets";

/** Bundled data sets: name and folder. */
const BUNDLED = { digits: "digits", mnist: "mnist10k" } as const;
const PRESET_NAMES: readonly PresetName[] = ["linear", "2nn", "flobc-cnn"];
/** Minimum and maximum values. */
const LIMITS = { trainers: [1, 20], validators: [3, 20], rounds: [1, 100] } as const;

/** Options of a demo run. */
export interface DemoOptions {
  readonly trainers: number;
  readonly validators: number;
  readonly rounds: number;
  /** Folder of the data set. */
  readonly dataset: string;
  /** `undefined`: the default for the data set. */
  readonly model: PresetName | undefined;
  readonly engine: "auto" | "wasm" | "tfjs-node";
  /** Kind of holdout that validators score on. */
  readonly holdout: "public" | "sealed";
  /** True for a demo without adversaries. */
  readonly honest: boolean;
  readonly seed: number;
  /** Output folder for report, curve and model. */
  readonly out: string;
}

/** Parses the demo's command line; on invalid options commander prints the error and exits with status 1. */
export function parseDemoOptions(argv: readonly string[]): DemoOptions {
  const program = new Command("npm run demo --")
    .description("Strangers, some of them adversaries, train a neural network together and are paid by contract.")
    .option("--trainers <n>", "number of trainers, including adversaries", whole("trainers"), 5)
    .option("--validators <n>", "number of validators, including adversaries", whole("validators"), 5)
    .option("--rounds <n>", "number of training rounds", whole("rounds"), 3)
    .option("--dataset <name>", "digits, mnist, or a folder with an IDX pair or a CSV file", "mnist")
    .option("--model <preset>", "linear, 2nn or flobc-cnn; default flobc-cnn for images of 20 x 20 or more, else 2nn")
    .option("--engine <name>", "auto, wasm or tfjs-node", "auto")
    .option("--holdout <kind>", "public, or sealed: encrypted until a round's training ends", "public")
    .option("--honest", "run without adversaries", false)
    .option("--seed <n>", "seed of weights and partition", whole("seed"), 1)
    .option("--out <folder>", "output folder for report.json, curve.svg and model/", "demo-out")
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
    throw new InvalidArgumentError(`Expected a whole number from ${least} to ${most}.`);
  };
}

function oneOf<Value extends string>(program: Command, flag: string, value: string, values: readonly Value[]): Value {
  const found = values.find((candidate) => candidate === value);
  return found ?? program.error(`error: ${flag} ${value}: use ${values.join(", ")}`);
}
