import type { Job } from "../jobs/schedule.ts";
import { runStep, type Step } from "./run-step.ts";

/** Program that runs another under a recent Node. */
const BOOTSTRAP = "bin/bootstrap.mjs";

/** With as many processors as there are a step runs alone. */
const ALONE = Infinity;

/**
 * Gives all steps of `.ci/run`, in their order; two that keep one processor busy run at the same time.
 *
 * Not among them, because `npm test` runs the same tests: `test:access`, `test:peers`, `test:file`, `lint`. Not among
 * them, because they take hours: every `--long`, the whole of `test:mutation`, the experiments.
 *
 * @param demoFolder where the demo writes its report
 */
export function ciSteps(demoFolder: string): readonly Job[] {
  const report = `${demoFolder}/report.json`;
  return [
    job(ALONE, { name: "tests", command: npm("test"), limitMinutes: 40 }),
    job(ALONE, {
      name: "demo",
      command: [...npm("demo"), "--", "--rounds", "2", "--dataset", "digits", "--out", demoFolder],
      limitMinutes: 10,
      countsByStatus: true,
    }),
    job(ALONE, {
      name: "report",
      command: [process.execPath, BOOTSTRAP, "scripts/demo/check-report.ts", report],
      limitMinutes: 2,
    }),
    job(ALONE, { name: "fuzz", command: npm("test:fuzz"), limitMinutes: 20 }),
    job(ALONE, { name: "invariants", command: npm("test:invariants"), limitMinutes: 30 }),
    job(ALONE, { name: "anvil", command: npm("test:anvil"), limitMinutes: 20 }),
    job(1, { name: "coverage", command: npm("coverage"), limitMinutes: 40 }),
    job(1, { name: "differential", command: npm("test:differential"), limitMinutes: 20 }),
    job(1, { name: "gas", command: npm("gas"), limitMinutes: 15 }),
    job(1, { name: "build", command: npm("verify:build"), limitMinutes: 15 }),
    job(1, { name: "slither", command: [...npm("lint:contracts"), "--", "--install"], limitMinutes: 20 }),
    job(ALONE, { name: "symbolic", command: [...npm("test:symbolic"), "--", "--install"], limitMinutes: 30 }),
  ];
}

function npm(script: string): readonly [string, ...string[]] {
  return script === "test" ? ["npm", "test", "--silent"] : ["npm", "run", "--silent", script];
}

function job(processors: number, step: Step): Job {
  const { name } = step;
  return { name, processors, run: (output) => runStep(step, output) };
}
