import { existsSync, readFileSync } from "node:fs";
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
/** Keys without a default: the job itself. */
const CHOSEN = ["name", "model", "data.folder", "money.reward"];

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

describe("README beside the job file", () => {
  it("says how many workers the ten-line job needs", () => {
    const { minTrainers, committee } = parseJobFile(EXAMPLE, "job.example.yaml").job;
    const words = ["no", "one", "two", "three", "four", "five", "six", "seven"];
    expect([minTrainers, committee.minValidators]).to.deep.equal([1, 5]);
    const needed = `${words[minTrainers]} trainer and ${words[committee.minValidators ?? 0]} validators`;
    expect(PAGE.replace(/\s+/g, " ")).to.contain(needed);
  });
  it("names a folder that is there, relative to each job file", () => {
    const [, job = ""] = /```yaml\n([\s\S]*?)```/.exec(PAGE) ?? [];
    for (const [text, at] of [[EXAMPLE, "scripts"] as const, [job, "."] as const]) {
      const { folder = "" } = parseJobFile(text, at).job.data;
      expect(existsSync(join(ROOT, at, folder)), `${at}: ${folder}`).to.equal(true);
    }
  });
});

describe("scripts/job.example.yaml", () => {
  it("shows the schema's defaults; where they depend on others, a comment says so", () => {
    const values = leaves(parse(EXAMPLE) as unknown);
    const defaults = new Map(
      leaves(parseJobFile(bare(), "bare.yaml").job).filter(([path]) => !path.startsWith("money.milestones")),
    );
    const compared = values.filter(([path]) => defaults.has(path) && !CHOSEN.includes(path));
    expect(compared.length).to.be.greaterThan(25);
    for (const [path, value] of compared) expect(String(value), path).to.equal(String(defaults.get(path)));
    for (const [path] of values.filter(([own]) => !defaults.has(own) && !CHOSEN.includes(own))) {
      expect(EXAMPLE, path).to.match(new RegExp(`^ *${path.split(".").at(-1)}: .*# .*default: `, "m"));
    }
  });
  it("says of every key that is off what its default is, or of which choice it is", () => {
    const off = EXAMPLE.split("\n").filter((line) => /^ *# [a-zA-Z]+: \S+.* # /.test(line));
    expect(off.length).to.be.greaterThan(10);
    for (const line of off) expect(line).to.match(/# .*(default[:,]| in place of folder:| sealed only:)/);
  });
  it("shows every key of the schema", () => {
    const keys = [...namesIn(jobFileJsonSchema())];
    expect(keys.length).to.be.greaterThan(60);
    for (const key of keys) expect(EXAMPLE, key).to.match(new RegExp(`\\b${key}\\b`));
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

/** Keys of a schema's mappings, at any depth but those within layers and parameters of a scaling. */
function namesIn(schema: unknown): ReadonlySet<string> {
  const { properties, anyOf, oneOf } = Object(schema) as Readonly<Record<string, object | undefined>>;
  const inner = Object.entries(properties ?? {}).flatMap(([key, value]) => [
    key,
    ...(key === "scaling" ? [] : namesIn(value)),
  ]);
  const branches = [anyOf, oneOf].flatMap((list) => Object.values(list ?? {}) as unknown[]);
  return new Set([...inner, ...branches.flatMap((branch) => [...namesIn(branch)])]);
}
