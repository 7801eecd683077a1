import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

import { expect } from "chai";
import { z } from "zod";

import { serverOptimizerSpec, type ServerOptimizerSpec } from "@commonweight/sdk/spec/aggregation-spec";
import { directionOf, type AggregationRule } from "../../../trainer/aggregation/direction.ts";
import { initialState } from "../../../trainer/model/model-state.ts";
import { serverStep } from "../../../trainer/aggregation/server-step.ts";
import { Random } from "../../sdk/vectors/random.ts";

const PROGRAM = fileURLToPath(new URL("reference.py", import.meta.url));
/**
 * Path of a Python with the libraries; the test does not install them: `pip install byzfl flwr`.
 */
const PYTHON = process.env["COMMONWEIGHT_PYTHON"] ?? "python3";
const LIBRARIES = ["byzfl", "flwr", "torch"] as const;
type Library = (typeof LIBRARIES)[number];

/** Directions are float64 on both sides; a different order of additions changes the last digits. */
const DIRECTION_TOLERANCE = 1e-12;
/** Our weights and state are rounded to float32 in every round, unlike the libraries'. */
const STEP_TOLERANCE = 2e-6;

const numbers = z.array(z.number());
const rules = z.array(z.record(z.string(), numbers));
const steps = z.array(z.record(z.string(), z.array(numbers)));
const answer = z.object({
  versions: z.record(z.string(), z.string()),
  missing: z.record(z.string(), z.string()),
  results: z.object({
    byzfl: rules.optional(),
    flwr: z.object({ rules, steps }).optional(),
    torch: steps.optional(),
  }),
});
type Answer = z.infer<typeof answer>;

const random = new Random(20_261_121);
const float32 = (size: number) => Math.fround((random.int(-1_000_000, 1_000_000) / 1_000_000) * size);

const cases = random.list(100, () => {
  const count = random.int(5, 20);
  const length = random.int(1, 40);
  const faulty = random.int(0, (count - 3) >> 1);
  return {
    updates: random.list(count, () => random.list(length, () => float32(random.pick([1, 1, 10])))),
    trim: random.int(0, (count - 1) >> 1),
    faulty,
    selected: random.int(1, count - faulty),
    radius: random.int(1, 400) / 20,
    iterations: random.int(1, 6),
  };
});
type Case = (typeof cases)[number];

const histories = random.list(50, () => {
  const length = random.int(1, 20);
  return {
    start: random.list(length, () => float32(1)),
    directions: random.list(10, () => random.list(length, () => float32(0.1))),
    learningRate: random.int(1, 100) / 100,
    momentum: random.int(1, 99) / 100,
    beta1: random.int(0, 99) / 100,
    beta2: random.int(50, 99) / 100,
    tau: random.pick([1e-3, 1e-2, 0.1]),
  };
});
type History = (typeof histories)[number];

/** Computes all results in one Python process, because importing its libraries is slow. */
async function ask(): Promise<Answer | string> {
  const child = spawn(PYTHON, [PROGRAM], { stdio: ["pipe", "pipe", "pipe"] });
  const ended = new Promise<string | undefined>((resolve) => {
    child.on("error", (error) => resolve(`${PYTHON} cannot be run: ${error.message}`));
    child.on("close", (code) => resolve(code === 0 ? undefined : `${PYTHON} ended with ${code}`));
  });
  child.stdin.on("error", () => undefined); // Python may fail to start, which `ended` reports.
  child.stdin.end(JSON.stringify({ libraries: LIBRARIES, cases, histories }));
  const [output, complaint, fault] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  if (fault === undefined) return answer.parse(JSON.parse(output));
  if (complaint === "") return fault;
  throw new Error(`${fault}: ${complaint}`);
}

/** The largest difference; relative for numbers above 1. */
function deviation(actual: ArrayLike<number>, expected: readonly number[]): number {
  expect(actual.length).to.equal(expected.length);
  return expected.reduce(
    (most, value, at) => Math.max(most, Math.abs(actual[at]! - value) / Math.max(1, Math.abs(value))),
    0,
  );
}

function direction({ updates }: Case, rule: AggregationRule): Float64Array {
  return directionOf(
    updates.map((update) => Float32Array.from(update)),
    rule,
  );
}

/** The weights after each of a history's rounds. */
function models({ start, directions }: History, spec: ServerOptimizerSpec): readonly Float32Array[] {
  const layout = [{ name: "layer0.bias", shape: [start.length], offset: 0, size: start.length }];
  let model = initialState(Float32Array.from(start), layout, spec);
  return directions.map((one) => {
    model = serverStep(model, Float64Array.from(one), spec);
    return model.weights;
  });
}

const ruleOf = {
  median: () => ({ kind: "median" }),
  "trimmed-mean": ({ trim }: Case) => ({ kind: "trimmed-mean", trim }),
  "multi-krum": ({ faulty, selected }: Case) => ({ kind: "multi-krum", faulty, selected }),
  "centred-clip": ({ radius, iterations }: Case) => ({ kind: "centred-clip", radius, iterations }),
} as const satisfies Record<string, (one: Case) => AggregationRule>;

describe("aggregation beside published libraries", function () {
  this.timeout(180_000);
  let answered: Answer;
  const why: Partial<Record<Library, string>> = {};

  before("asks Python", async () => {
    const result = await ask();
    if (typeof result === "string") {
      for (const library of LIBRARIES) why[library] = result;
    } else {
      answered = result;
      Object.assign(why, result.missing);
      const versions = Object.entries(result.versions).map(([name, version]) => `${name} ${version}`);
      process.stdout.write(`  compared with ${versions.join(", ")}\n`);
    }
    for (const [library, reason] of Object.entries(why)) {
      process.stdout.write(
        `  comparison with ${library} NOT RUN: ${reason} (COMMONWEIGHT_PYTHON names another Python)\n`,
      );
    }
  });

  /** Defines a comparison, which is skipped if the library is missing. */
  function compare(library: Library, name: string, tolerance: number, measure: () => readonly number[]): void {
    it(`agrees with ${library}: ${name}`, function () {
      if (why[library] !== undefined) this.skip();
      const deviations = measure();
      const largest = Math.max(...deviations);
      process.stdout.write(
        `  ${library} ${name}: ${deviations.length} vectors, largest deviation ${largest.toExponential(1)}\n`,
      );
      expect(deviations.length).to.be.greaterThan(0);
      expect(largest).to.be.at.most(tolerance);
    });
  }

  for (const name of ["median", "trimmed-mean", "centred-clip"] as const) {
    compare("byzfl", name, DIRECTION_TOLERANCE, () =>
      cases.map((one, at) => deviation(direction(one, ruleOf[name](one)), answered.results.byzfl![at]![name]!)),
    );
  }

  // byzfl has no parameter m: it averages all but f, and counts one neighbour more (see reference.py).
  compare("byzfl", "multi-krum", DIRECTION_TOLERANCE, () =>
    cases.map((one, at) => {
      const rule = { ...ruleOf["multi-krum"](one), selected: one.updates.length - one.faulty - 1 };
      return deviation(direction(one, rule), answered.results.byzfl![at]!["multi-krum"]!);
    }),
  );

  for (const name of ["median", "trimmed-mean", "multi-krum"] as const) {
    compare("flwr", name, DIRECTION_TOLERANCE, () =>
      cases.map((one, at) => deviation(direction(one, ruleOf[name](one)), answered.results.flwr!.rules[at]![name]!)),
    );
  }

  const optimizers = [
    ["flwr", "momentum"],
    ["flwr", "adam"],
    ["flwr", "yogi"],
    ["torch", "momentum"],
    ["torch", "nesterov"],
  ] as const;
  for (const [library, kind] of optimizers) {
    compare(library, kind, STEP_TOLERANCE, () =>
      histories.flatMap((history, index) => {
        const { learningRate, momentum, beta1, beta2, tau } = history;
        const own = kind === "adam" || kind === "yogi" ? { beta1, beta2, tau } : { momentum };
        const spec = serverOptimizerSpec.parse({ kind, learningRate, ...own });
        const results = library === "flwr" ? answered.results.flwr!.steps : answered.results.torch!;
        const expected = results[index]![kind]!;
        return models(history, spec).map((weights, round) => deviation(weights, expected[round]!));
      }),
    );
  }
});
