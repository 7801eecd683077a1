import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";

import type { Figure } from "../../tools/bench/figures.ts";
import { currentPage } from "../../tools/evidence/current-page.ts";
import { GATES, type Gate } from "../../tools/evidence/gates.ts";
import { evidencePage, type Evidence } from "../../tools/evidence/page.ts";
import { readResult, recordResult } from "../../tools/evidence/results.ts";
import { ROOT } from "../../tools/programs/run-tool.ts";

/** Runs chosen test files; not a gate. */
const CHOSEN_FILES = "test:file";
const FIGURE: Figure = { what: "mismatches", figure: "0", target: "0", met: true };

describe("docs/evidence.md", () => {
  it("matches the recorded results (otherwise run: npm run evidence)", async () => {
    expect(readFileSync(join(ROOT, "docs/evidence.md"), "utf8")).to.equal(await currentPage());
  });

  it("would not match with another figure in a result", async () => {
    const folder = mkdtempSync(join(tmpdir(), "commonweight-results-"));
    try {
      cpSync(join(ROOT, "tools/evidence/results"), folder, { recursive: true });
      expect(await currentPage(folder)).to.equal(await currentPage());
      const path = join(folder, "peers.json");
      writeFileSync(path, readFileSync(path, "utf8").replace("18 of 18", "17 of 18"));
      expect(await currentPage(folder)).not.to.equal(await currentPage());
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it("names commands that exist", () => {
    const { scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { scripts: object };
    for (const { command } of GATES) {
      const name = /^npm (?:run )?(\S+)/.exec(command)?.[1];
      expect(Object.keys(scripts), command).to.include(name);
    }
  });

  it("has a gate for each test command", () => {
    const { scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { scripts: object };
    const tests = Object.keys(scripts).filter((name) => name.startsWith("test:") && name !== CHOSEN_FILES);
    const missing = tests.filter((name) => !GATES.some(({ command }) => command.includes(`npm run ${name}`)));
    expect(missing).to.deep.equal([]);
  });
});

describe("a page of evidence", () => {
  const gate: Gate = { name: "fuzz", command: "npm run test:fuzz", shows: "any arguments" };
  const result = { gate: "fuzz", command: gate.command, revision: "0123abc", date: "2026-01-02", figures: [FIGURE] };
  const evidence = (figures: readonly Figure[], some: Partial<Evidence> = {}): Evidence => ({
    gates: [gate],
    results: new Map([["fuzz", { ...result, figures: [...figures] }]]),
    notes: { gates: [], found: [] },
    faults: [],
    ...some,
  });
  const note = { gates: [{ gate: "fuzz", note: "planted" }], found: [] };

  it("shows each figure, whether it is met, and the revision", async () => {
    const page = await evidencePage(evidence([FIGURE, { ...FIGURE, figure: "3", met: false }], { notes: note }));
    expect(page).to.match(/\| fuzz +\| `npm run test:fuzz` +\| mismatches: 0 +\| 0 +\| yes +\|/);
    expect(page).to.match(/\| +\| +\| mismatches: 3 +\| 0 +\| \*\*no\*\* +\|/);
    expect(page).to.include("`0123abc` (2026-01-02): fuzz");
  });

  it("says NOT RUN of a gate without a result", async () => {
    expect(await evidencePage(evidence([], { results: new Map() }))).to.match(/\| fuzz .*\| NOT RUN/);
  });

  const rejected: readonly (readonly [string, Evidence])[] = [
    ["an unmet figure without a remark", evidence([{ ...FIGURE, met: false }])],
    [
      "a planted fault of an unknown gate",
      evidence([FIGURE], { faults: [{ gate: "fuz", fault: "a", caughtBy: "b" }] }),
    ],
    ["a remark on an unknown gate", evidence([FIGURE], { notes: { gates: [{ gate: "fuz", note: "a" }], found: [] } })],
  ];
  for (const [what, planted] of rejected) {
    it(`is not written with ${what}`, async () => {
      let message = "";
      await evidencePage(planted).catch((error: unknown) => (message = String(error)));
      expect(message).to.include("fuz");
    });
  }
});

describe("a recorded result", () => {
  let folder: string;

  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "commonweight-results-"))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("is read as it was written, with the gate's command", () => {
    recordResult("fuzz", [FIGURE], folder);
    const result = readResult("fuzz", folder);
    expect(result?.command).to.equal("npm run test:fuzz");
    expect(result?.figures).to.deep.equal([FIGURE]);
    expect(readResult("gas", folder)).to.equal(undefined);
  });

  it("is refused where the gate is unknown, or nothing was measured", () => {
    expect(() => recordResult("fuz", [FIGURE], folder)).to.throw("no gate fuz");
    expect(() => recordResult("fuzz", [], folder)).to.throw();
  });

  const faults: readonly (readonly [string, (text: string) => string])[] = [
    ["is another gate's", (text) => text.replace('"fuzz"', '"gas"')],
    ["has a figure of another form", (text) => text.replace("true", '"yes"')],
    ["has a machine's name in it", (text) => text.replace("{", '{ "machine": "planted",')],
    ["is cut short", (text) => text.slice(0, -20)],
  ];
  for (const [fault, change] of faults) {
    it(`fails when it ${fault}`, () => {
      recordResult("fuzz", [FIGURE], folder);
      const path = join(folder, "fuzz.json");
      writeFileSync(path, change(readFileSync(path, "utf8")));
      expect(() => readResult("fuzz", folder)).to.throw();
    });
  }
});
