import { readFileSync } from "node:fs";
import { join } from "node:path";

import { expect } from "chai";
import { parse } from "yaml";

import { DEFAULT_CONFIRMATIONS } from "@commonweight/sdk/chain/deploy-market";
import { parseJobFile } from "@commonweight/sdk/job-file/job-file";
import { jobFileJsonSchema } from "@commonweight/sdk/job-file/job-file-schema";
import { ROOT } from "../../tools/programs/run-tool.ts";
import { SETTINGS } from "../../trainer/cli/options/settings.ts";

const PAGE = readFileSync(join(ROOT, "README.md"), "utf8");
const EXAMPLE = readFileSync(join(ROOT, "scripts/job.example.yaml"), "utf8");
/** Keys at which the example differs from the defaults on purpose: it shows what they can be. */
const SHOWN_OTHERWISE = new Set(["data.partition.kind", "data.partition.seed", "minTrainers"]);

describe("README", () => {
  it("names the settings of the program by their flags", () => {
    const flags = new Set(SETTINGS.map(({ flag }) => flag.split(" ")[0]));
    const [, section = ""] = PAGE.split("\nAll take ".slice(1));
    const sentence = section.split("\n\n")[0] ?? "";
    const named = [...sentence.matchAll(/`(--[a-z-]+)/g)].map(([, flag]) => flag).filter((flag) => flag !== "--config");
    expect(named).to.include.members(["--rpc", "--deployment", "--keystore", "--key-file", "--bootstrap"]);
    for (const flag of named) expect(flags.has(flag), flag).to.equal(true);
  });
  it("names the depth that deployments have by default", () => {
    expect(/`--confirmations`, (\d+) unless given/.exec(PAGE)?.[1]).to.equal(String(DEFAULT_CONFIRMATIONS));
  });
  it("has a job that makes sense, in ten lines", () => {
    const [, job = ""] = /```yaml\n([\s\S]*?)```/.exec(PAGE) ?? [];
    const lines = job.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
    expect(lines).to.have.length.at.most(10);
    expect(parseJobFile(job, "README.md").warnings.map(({ path }) => path.join("."))).to.deep.equal([
      "data.holdout.kind",
    ]);
  });
});

describe("scripts/job.example.yaml", () => {
  it("shows the schema's defaults, but where it shows what else there is", () => {
    const values = leaves(parse(EXAMPLE) as unknown);
    const defaults = new Map(
      leaves(parseJobFile(bare(), "bare.yaml").job).filter(([path]) => !path.startsWith("money.milestones")),
    );
    const compared = values.filter(([path]) => defaults.has(path) && !SHOWN_OTHERWISE.has(path));
    expect(compared.length).to.be.greaterThan(25);
    for (const [path, value] of compared) expect(String(value), path).to.equal(String(defaults.get(path)));
    expect(keysOf(jobFileJsonSchema()["properties"])).to.include.members(keysOf(parse(EXAMPLE) as unknown));
  });
});

/** The example with only the keys that have no default. */
function bare(): string {
  return "name: Handwritten digits\nmodel: 2nn\ndata: {folder: experiments/data/digits}\nmoney: {reward: 10}\n";
}

/** The values of a tree, by dotted path. */
function leaves(value: unknown, path = ""): readonly (readonly [string, unknown])[] {
  if (typeof value !== "object" || value === null) return [[path, value]];
  return Object.entries(value).flatMap(([key, item]) => leaves(item, path === "" ? key : `${path}.${key}`));
}

function keysOf(value: unknown): readonly string[] {
  return typeof value === "object" && value !== null ? Object.keys(value) : [];
}
