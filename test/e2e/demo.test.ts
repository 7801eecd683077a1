import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";

import type { JobView } from "@commonweight/sdk/chain/job-view";
import type { Phase } from "@commonweight/sdk/protocol/phases";
import { Narrator } from "../../scripts/demo/live.ts";
import { parseDemoOptions } from "../../scripts/demo/options.ts";
import type { Report } from "../../scripts/demo/report.ts";
import { runDemo, type DemoHooks, type Production } from "../../scripts/demo/run-demo.ts";
import { parameterCount, tensorLayout } from "../../trainer/model/model-layout.ts";
import { PRESETS } from "@commonweight/sdk/spec/presets";

/** A worker that is killed once the job reaches a phase, and started again a while later. */
interface Accident {
  readonly name: string;
  readonly round: number;
  readonly phase: Phase;
}

const ACCIDENTS: readonly Accident[] = [
  { name: "trainer-1", round: 1, phase: "training" },
  { name: "trainer-2", round: 1, phase: "disclosure" },
  { name: "validator-1", round: 1, phase: "scoring" },
  { name: "validator-2", round: 1, phase: "reveal" },
  { name: "validator-3", round: 2, phase: "attestation" },
];
const RESTART_AFTER_MS = 300;

describe("a job from posting to payout, with real processes", function () {
  this.timeout(1_200_000);

  let out: string;
  let report: Report;
  const killed = new Set<string>();
  const lines: string[] = [];

  before(async () => {
    out = await mkdtemp(join(tmpdir(), "commonweight-e2e-"));
    const options = parseDemoOptions(["--dataset", "digits", "--rounds", "2", "--holdout", "sealed", "--out", out]);
    const narrator = new Narrator((text) => lines.push(text));
    const hooks: DemoHooks = { onView: (view, production) => haveAccidents(view, production, killed) };
    try {
      report = await runDemo(options, narrator, new AbortController().signal, hooks);
    } catch (error) {
      process.stderr.write(lines.join(""));
      throw error;
    }
  });

  after(() => rm(out, { recursive: true, force: true }));

  it("goes on as if nothing had happened when workers are killed in every phase", () => {
    expect([...killed].sort()).to.deep.equal(ACCIDENTS.map(({ name }) => name).sort());
    expect(report.rounds.map(({ round }) => round)).to.deep.equal([1, 2]);
    for (const { updates } of report.rounds) expect(updates).to.have.lengthOf(5);
    for (const { behaviour, slashed, name } of report.accounts) {
      if (behaviour === "honest") expect(slashed, name).to.equal("0");
    }
  });

  it("pays out the reward to the unit, and leaves nothing in the contracts", () => {
    const { funded, paidTrainers, paidValidators, refunded, left, burned } = report.money;
    expect(BigInt(funded)).to.equal(BigInt(paidTrainers) + BigInt(paidValidators) + BigInt(refunded));
    expect(left).to.equal("0");
    expect(burned > "0", "the liar's stake is burned").to.equal(true);
    expect(BigInt(paidTrainers) > 0n).to.equal(true);
  });

  it("pays noise and replay next to nothing, and slashes the liar", () => {
    const paid = BigInt(report.money.paidTrainers);
    for (const { behaviour, earned, slashed, name } of report.accounts) {
      if (behaviour === "noise" || behaviour === "replay") expect(BigInt(earned) * 50n <= paid, name).to.equal(true);
      if (behaviour === "liar") expect(BigInt(slashed) > 0n, name).to.equal(true);
    }
  });

  it("trains: the released model is better than chance by far", () => {
    expect(report.rounds.at(-1)?.accuracyBps).to.be.greaterThan(5_000);
  });

  it("gives out the released model as safetensors, with what its users need to know", async () => {
    const model = PRESETS["2nn"]([64], 10);
    const bytes = await readFile(join(out, "model", "model.safetensors"));
    const headerEnd = 8 + Number(bytes.readBigUInt64LE());
    const header = JSON.parse(bytes.toString("utf8", 8, headerEnd)) as Readonly<Record<string, object>>;
    const { __metadata__: facts, ...tensors } = header;
    expect(facts).to.include.keys("accuracy", "scaling");
    expect(Object.keys(tensors)).to.deep.equal(tensorLayout(model).map(({ name }) => name));
    expect((bytes.length - headerEnd) / 4).to.equal(parameterCount(model));
  });
});

function haveAccidents(view: JobView, production: Production, killed: Set<string>): void {
  for (const { name, round, phase } of ACCIDENTS) {
    if (killed.has(name) || view.roundNumber !== round || view.phase !== phase) continue;
    killed.add(name);
    production.kill(name);
    setTimeout(() => production.restart(name), RESTART_AFTER_MS);
  }
}
