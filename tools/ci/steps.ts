import type { Job } from "../jobs/schedule.ts";
import { runStep, type Step } from "./run-step.ts";

/** Runs another program under a recent Node. */
const BOOTSTRAP = "bin/bootstrap.mjs";

/** A step that claims all cores runs alone. */
const ALONE = Infinity;

/**
 * Returns all steps of `.ci/run` in order; single-core steps run in parallel.
 *
 * Left out because the suites run the same tests: `test:access`, `test:peers`, `test:file`, `lint`. Left out because
 * they take hours: all `--long` variants, `test:mutation`, the experiments.
 *
 * @param demoFolder output folder of the demo
 */
export function ciSteps(demoFolder: string): readonly Job[] {
  const report = `${demoFolder}/report.json`;
  return [
    job(ALONE, { name: "tests", command: npm("test"), limitMinutes: 30 }),
    job(ALONE, { name: "slow tests", command: npm("test:slow"), limitMinutes: 40 }),
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
    // Their processes mostly wait for blocks of a second, so that two of them share the cores.
    job(1, { name: "anvil", command: npm("test:anvil"), limitMinutes: 20 }),
    job(1, { name: "geth", command: [...npm("test:geth"), "--", "--install"], limitMinutes: 20 }),
    job(1, { name: "tfjs-node", command: [...npm("test:tfjs-node"), "--", "--install"], limitMinutes: 20 }),
    job(1, { name: "kubo", command: [...npm("test:kubo"), "--", "--install"], limitMinutes: 25 }),
    job(ALONE, { name: "coverage", command: npm("coverage"), limitMinutes: 30 }),
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
