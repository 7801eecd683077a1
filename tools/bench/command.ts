// `npm run bench`: prints figures beside their targets (timings differ between machines; nothing here is a test).
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
await section("gas (A10)", "tools/gas/command.ts");
await section("engines, samples a second on one core (S3)", "tools/bench/engine.ts");
await section("aggregation (S5)", "tools/bench/aggregate.ts");
heading("bytes of an update, as it crosses the wire");
console.log(updateSizes());
heading("overhead of the demo's rounds (S1)");
console.log(overhead());
process.exitCode = status;

/** Each in a process of its own: none finds another's heap, caches or threads. */
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
