// `npm run bench`: prints measured figures and their targets. Not a test: timings differ between machines.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import Table from "cli-table3";

import { safetensorsSize } from "../../trainer/model/safetensors.ts";
import { parameterCount, tensorLayout } from "../../trainer/model/model-layout.ts";
import { PRESETS, type PresetName } from "@commonweight/sdk/spec/presets";
import { demoReport } from "../../scripts/demo/report-schema.ts";
import { ROOT, runTool } from "../programs/run-tool.ts";

const OVERHEAD_TARGET = 0.1;
const REPORT = "demo-out/report.json";
const PRESET_NAMES: readonly PresetName[] = ["linear", "2nn", "flobc-cnn"];

let status = 0;
await section("gas", "tools/gas/command.ts");
await section("engines, samples per second on one core", "tools/bench/engine.ts");
await section("aggregation", "tools/bench/aggregate.ts");
heading("size of an update file");
console.log(updateSizes());
heading("overhead of the demo's rounds: share of time outside training and scoring");
console.log(overhead());
process.exitCode = status;

/** Runs a benchmark in its own process, so that benchmarks share no heap, caches or threads. */
async function section(title: string, program: string): Promise<void> {
  heading(title);
  if (!existsSync(join(ROOT, program))) {
    console.log(`NOT RUN: there is no ${program}`);
    return;
  }
  const result = await runTool(program, []);
  console.log(result.output.trimEnd());
  if (result.status !== 0) status = 1;
}

function heading(title: string): void {
  console.log(`\n${title}`);
}

function updateSizes(): string {
  const table = new Table({ head: ["preset", "parameters", "bytes"], style: { head: [], border: [] } });
  for (const name of PRESET_NAMES) {
    const model = PRESETS[name]([28, 28, 1], 10);
    table.push([name, parameterCount(model), safetensorsSize(tensorLayout(model))]);
  }
  return table.toString();
}

function overhead(): string {
  const path = join(ROOT, REPORT);
  if (!existsSync(path)) return `NOT RUN: there is no ${REPORT}; run the demo first (npm run demo)`;
  const { overheadShare, engine } = demoReport.parse(JSON.parse(readFileSync(path, "utf8")));
  const verdict = overheadShare <= OVERHEAD_TARGET ? "met" : "MISSED";
  return `${overheadShare.toFixed(3)} (${engine}), target <= ${OVERHEAD_TARGET}: ${verdict}`;
}
