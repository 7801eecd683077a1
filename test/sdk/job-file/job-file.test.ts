import { readFileSync } from "node:fs";

import { expect } from "chai";
import { Document, parse } from "yaml";
import { z } from "zod";

import { contentIdOf } from "@commonweight/sdk/protocol/content-id";
import { formatProblem, JobFileError, type JobFileProblem } from "@commonweight/sdk/job-file/job-file-error";
import { LITERAL_MONEY_KEYS, jobFile, jobFileJsonSchema } from "@commonweight/sdk/job-file/job-file-schema";
import { MAX_JOB_FILE_LENGTH, parseJobFile } from "@commonweight/sdk/job-file/job-file";

const ID = contentIdOf(`0x${"11".repeat(32)}`);
const minimal = `name: Digits
model: linear
data:
  folder: digits
money:
  reward: 10
`;

function problemsIn(text: string): readonly JobFileProblem[] {
  try {
    parseJobFile(text, "job.yaml");
  } catch (error) {
    if (error instanceof JobFileError) return error.problems;
    throw error;
  }
  return [];
}

/** `line:column path` of every mistake. */
function placesIn(text: string): readonly string[] {
  return problemsIn(text).map(({ line, column, path }) => `${line}:${column} ${path.join(".")}`);
}

function fixOf(text: string): string | undefined {
  return problemsIn(text)[0]?.fix;
}

/** The smallest job file with another value at a path, as YAML writes it. */
function withValue(path: string, value: string): string {
  const [section = "", ...keys] = path.split(".");
  const job = { name: "Digits", model: "linear", data: { folder: "digits" }, money: { reward: 10 } };
  const document = new Document(job);
  document.setIn([section, ...keys], parse(value === "" ? "null" : value));
  return document.toString();
}

/** Dotted paths of the schema's values that may have several forms, without those in lists. */
function unionsOf(schema: Readonly<Record<string, unknown>>, path: readonly string[] = []): readonly string[] {
  if ("anyOf" in schema || "oneOf" in schema) return [path.join(".")];
  const properties = (schema["properties"] ?? {}) as Readonly<Record<string, Record<string, unknown>>>;
  return Object.entries(properties).flatMap(([key, inner]) => unionsOf(inner, [...path, key]));
}

describe("parseJobFile", () => {
  describe("mistakes", () => {
    it("are reported together, in order, as one error that shows each place", () => {
      const text = minimal.replace("linear", "liner") + "training: {epochs: 0}\nrouns: 3\nmaxUpdates: 65\n";
      expect(placesIn(text)).to.deep.equal(["2:8 model", "7:20 training.epochs", "8:1 rouns", "9:13 maxUpdates"]);
      expect(() => parseJobFile(text, "job.yaml"))
        .to.throw(JobFileError, /^job\.yaml:2:8: model: .*\njob\.yaml:7:20: training\.epochs: /)
        .with.property("code", "JOB_FILE_INVALID");
    });
    it("name the nearest key that exists", () => {
      expect(fixOf(`${minimal}rouns: 3\n`)).to.contain("rounds");
      expect(fixOf(minimal.replace("  reward", "  bnod: 1\n  reward"))).to.contain("bond");
      expect(fixOf(minimal.replace("folder: digits", "folder: d\n  partition: {kind: iid, part: 3}"))).to.contain(
        "parts",
      );
    });
    it("name the forms of a value that may have several", () => {
      const forms: Readonly<Record<string, RegExp>> = {
        "money.reward": /^Write an amount in whole coins of the token, such as 10 or 0\.5, /,
        "money.bond": /^Write an amount /,
        model: /^Write linear, 2nn, flobc-cnn, or \{layers: \[\.\.\.\]\}\.$/,
        "data.shape": /such as \[4\] or \[32, 32, 3\]\.$/,
        "data.scaling": /^Write columns, divisor, none, or the parameters, such as /,
        "data.table.label": /^Write a column's name, or its number from 1\.$/,
        "money.milestones": /^Write none, or a list of \[accuracy, share\], such as /,
      };
      for (const [path, form] of Object.entries(forms)) {
        for (const value of ["", "true"]) expect(fixOf(withValue(path, value)), `${path}: ${value}`).to.match(form);
      }
    });
    it("name the forms of every value that may have several", () => {
      const paths = unionsOf(jobFileJsonSchema());
      expect(paths).to.include.members(["money.reward", "data.scaling", "data.table.label", "model"]);
      for (const path of paths) expect(fixOf(withValue(path, "true")), path).to.match(/^Write [a-z]/);
    });
    it("name the keys that exist where none is near", () => {
      const fix = fixOf(minimal.replace("folder: digits", "folder: d\n  partition: {kind: iid, alpha: 1}"));
      expect(fix).to.contain("parts, shares, seed").and.not.contain("alpha");
    });
    it("name the nearest value", () => {
      expect(fixOf(minimal.replace("linear", "liner"))).to.contain("linear");
      expect(fixOf(`${minimal}scoring: {rule: contributions}\n`)).to.contain("contribution");
      expect(fixOf(minimal.replace("folder: digits", "folder: d\n  partition: {kind: diriclet}"))).to.contain(
        "dirichlet",
      );
    });
    it("name the parameters of the rule and optimiser that were chosen", () => {
      const krum = `${minimal}aggregation: {rule: multi-krum, fautly: 1}\n`;
      expect(placesIn(krum)).to.deep.equal(["7:33 aggregation.fautly"]);
      expect(fixOf(krum)).to.contain("faulty");
      expect(fixOf(`${minimal}serverOptimizer: {kind: adm}\n`)).to.contain("adam");
      expect(fixOf(`${minimal}aggregation: {rule: trimed-mean}\n`)).to.contain("trimmed-mean");
      expect(placesIn(`${minimal}serverOptimizer: {kind: adam, beta1: 1}\n`)).to.deep.equal([
        "7:38 serverOptimizer.beta1",
      ]);
    });
    it("point at what holds a missing key, and say what the key is for", () => {
      const text = minimal.replace("  reward: 10", "  bond: 1");
      expect(placesIn(text)).to.deep.equal(["5:1 money.reward"]);
      expect(fixOf(text)).to.contain("Add reward: Paid");
      expect(placesIn("name: x\n")).to.deep.equal(["1:1 model", "1:1 data", "1:1 money"]);
      expect(placesIn("")).to.have.length(1);
      expect(placesIn("- 1\n")).to.have.length(1);
    });
    it("point into an own model", () => {
      const text = minimal.replace(
        "linear",
        "\n  layers:\n    - {type: dense, units: 10}\n    - {type: dense, unit: 10}",
      );
      expect(placesIn(text)).to.deep.equal(["5:7 model.layers.1.units", "5:21 model.layers.1.unit"]);
    });
    it("say which type is expected", () => {
      expect(fixOf(minimal.replace("Digits", "7"))).to.equal("Put it in quotes.");
      expect(fixOf(`${minimal}rounds: ten\n`)).to.equal("Write a number.");
      expect(fixOf(`${minimal}rounds: 1.5\n`)).to.equal("Write a whole number.");
      expect(fixOf(`${minimal}times: {training: 10 minutes}\n`)).to.equal("Change it to that form.");
    });
    it("of a price list are found at its place", () => {
      const withList = (list: string) => minimal.replace("reward: 10", `reward: 10\n  milestones: ${list}`);
      for (const list of ["[[0.5, 0]]", "[[0.5, 0], [0.6]]", "[[0.5, 0], [1.5, 1]]", "[[0.5, 0.1], [0.6, 1]]"]) {
        expect(problemsIn(withList(list)), list).to.have.length.greaterThan(0);
        expect(problemsIn(withList(list))[0], list).to.have.property("line", 7);
      }
      expect(problemsIn(withList("[[0.5, 0], [0.6, 0.9]]"))).to.have.length(1);
      expect(problemsIn(withList("[[0.5, 0], [0.50001, 1]]"))).to.have.length(1);
      expect(problemsIn(withList("[[0.5, 0], [0.7, 0.6], [0.8, 0.5], [0.9, 1]]"))).to.have.length(1);
      expect(problemsIn(withList(JSON.stringify(Array.from({ length: 9 }, (_, i) => [i / 10, i / 8]))))).to.have.length(
        1,
      );
      expect(problemsIn(withList("[[0.5, 0], [0.6, 1]]"))).to.deep.equal([]);
    });
  });

  describe("rules across fields", () => {
    const own = minimal.replace(
      "folder: digits",
      "partition: {kind: own}\n  holdout: {kind: own}\n  shape: [64]\n  classes: 10",
    );
    const broken: Record<string, [string, readonly string[]]> = {
      "milestones with accuracy": [
        minimal.replace("10", "10\n  milestones: [[0.5, 0], [0.9, 1]]") + "scoring: {rule: accuracy}\n",
        ["7:3 money.milestones"],
      ],
      "milestones with own holdouts": [
        own.replace("10\n", "10\n").replace("reward: 10", "reward: 10\n  milestones: [[0.5, 0], [0.9, 1]]"),
        ["10:3 money.milestones"],
      ],
      "a target score with own holdouts": [
        own.replace("reward: 10", "reward: 10\n  targetScore: 0.9"),
        ["10:16 money.targetScore"],
      ],
      "trust with contribution": [`${minimal}aggregation: {rule: trust}\n`, ["7:21 aggregation.rule"]],
      "two sources of data": [minimal.replace("digits", `digits\n  manifest: ${ID}`), ["4:11 data.folder"]],
      "no source of data": [minimal.replace("folder: digits", "shape: [64]"), ["3:1 data"]],
      "own data without a shape": [own.replace("  shape: [64]\n", ""), ["3:1 data"]],
      "shares for other parts": [
        minimal.replace("digits", "digits\n  partition: {kind: iid, parts: 3, shares: [1, 2]}"),
        ["5:36 data.partition.shares"],
      ],
      "a tolerance above its maximum": [
        `${own}scoring: {rule: accuracy, tolerance: 9, maxTolerance: 5}
`,
        ["10:55 scoring.maxTolerance"],
      ],
      "a second width of the band on a common holdout": [
        `${minimal}scoring: {tolerance: 9, maxTolerance: 12}\n`,
        ["7:39 scoring.maxTolerance"],
      ],
      "a minimum above its period": [`${minimal}times: {training: 1m, minTraining: 2m}\n`, ["7:36 times.minTraining"]],
      "a deadline within the first round": [`${minimal}times: {deadline: 10m}\n`, ["7:19 times.deadline"]],
      "a deadline within the first round whose shard is opened late": [
        `${minimal.replace("digits", "digits\n  holdout: {kind: sealed}")}times: {deadline: 37m}\n`,
        ["8:19 times.deadline"],
      ],
      "a deadline beyond three years": [`${minimal}times: {deadline: 2000d}\n`, ["7:19 times.deadline"]],
      "a period of nothing": [`${minimal}times: {reveal: 0s}\n`, ["7:17 times.reveal"]],
      "a period of months": [`${minimal}times: {reveal: 31d}\n`, ["7:17 times.reveal"]],
      "models served for more than a year": [`${minimal}times: {serving: 366d}\n`, ["7:18 times.serving"]],
      "a reward of nothing": [minimal.replace("10", "0.00"), ["6:11 money.reward"]],
      "a committee of two": [`${minimal}committee: {size: 2}\n`, ["7:19 committee.size"]],
      "a committee of 32": [`${minimal}committee: {size: 32}\n`, ["7:19 committee.size"]],
    };
    for (const [name, [text, places]] of Object.entries(broken)) {
      it(`refuse ${name}`, () => {
        expect(placesIn(text)).to.deep.equal(places);
      });
    }
    it("are reported beside mistakes in single fields, save where they read one", () => {
      const text = `${minimal}rouns: 1\naggregation: {rule: trust}\n`;
      expect(placesIn(text)).to.deep.equal(["7:1 rouns", "8:21 aggregation.rule"]);
      expect(placesIn(`${minimal}scoring: {rule: acuracy}\naggregation: {rule: trust}\n`)).to.deep.equal([
        "7:17 scoring.rule",
      ]);
    });
    it("accept a deadline behind the first round", () => {
      expect(placesIn(`${minimal}times: {deadline: 37m}\n`)).to.deep.equal([]);
    });
    it("accept jobs without a data set", () => expect(problemsIn(own)).to.deep.equal([]));
    it("warn of a default without a place in the file, and of a written value at its place", () => {
      const warned = (text: string) =>
        parseJobFile(text, "job.yaml").warnings.map((warning) => formatProblem("job.yaml", warning));
      expect(warned(minimal)).to.have.length(1);
      expect(warned(minimal)[0]).to.match(
        /^job\.yaml: data\.holdout\.kind: not given, so it is public: trainers know /,
      );
      const written = minimal.replace("digits", "digits\n  holdout: {kind: public}");
      expect(warned(written)[0]).to.match(/^job\.yaml:5:19: data\.holdout\.kind: trainers know /);
    });
    it("warn of a small committee", () => {
      const { warnings } = parseJobFile(`${minimal}committee: {size: 4}\n`, "job.yaml");
      expect(warnings.map(({ path, line }) => `${line} ${path.join(".")}`)).to.include("7 committee.size");
      expect(parseJobFile(minimal, "job.yaml").warnings.map(({ path }) => path.join("."))).not.to.include(
        "committee.size",
      );
    });
  });

  describe("hostile YAML", () => {
    const bomb = [
      "a: &a [x,x,x,x,x,x,x,x,x]",
      ..."bcdefghi".split("").map((key, i) => `${key}: &${key} [${Array(9).fill(`*${"abcdefghi"[i]}`)}]`),
    ].join("\n");
    const hostile: Record<string, string> = {
      "aliases that grow": bomb,
      "an anchor": minimal.replace("Digits", "&x Digits"),
      "a merged mapping": `${minimal}training: {<<: {epochs: 2}}\n`,
      "a duplicate key": `${minimal}name: Again\n`,
      "thousands of unknown keys": Array.from({ length: 6_000 }, (_, i) => `k${i}: 1`).join("\n"),
      "two documents": `${minimal}---\n${minimal}`,
      "a tag": minimal.replace("Digits", "!!js/function x"),
      "a prototype": `${minimal}__proto__: {rounds: 5}\n`,
      "a nested prototype": `${minimal}training: {__proto__: {epochs: 5}}\n`,
      "a deep flow list": `name: ${"[".repeat(30_000)}`,
      "a deep block list": `${"- ".repeat(30_000)}x`,
      "a flow list as deep as brackets allow": `name: ${"[".repeat(999)}`,
      "a block mapping as deep as its size allows": Array.from({ length: 350 }, (_, i) => `${" ".repeat(i)}a:`).join(
        "\n",
      ),
      "a list of 20 levels": `${minimal}rounds: ${"[".repeat(20)}${"]".repeat(20)}\n`,
      "an open quote": 'name: "x\n',
      "a tab": "name: x\nmodel:\n\tlayers: 1\n",
      "too many characters": "#".repeat(MAX_JOB_FILE_LENGTH + 1),
      "a null for a key": `${minimal}? \n: 1\n`,
      "a mapping for a key": `${minimal}? {a: b}\n: 1\n`,
    };
    for (const [name, text] of Object.entries(hostile)) {
      it(`with ${name} is refused, with a line`, function () {
        // What grows without bound takes minutes, on any machine.
        this.timeout(60_000);
        const lines = problemsIn(text).map(({ line }) => line ?? 0);
        expect(lines.length).to.be.greaterThan(0);
        expect(Math.min(...lines)).to.be.at.least(1);
        expect({}).not.to.have.property("rounds");
      });
    }
  });

  describe("reading", () => {
    it("fills in defaults", () => {
      const { job } = parseJobFile(minimal, "job.yaml");
      expect(job).to.deep.include({
        training: { optimizer: "sgd", learningRate: 0.1, epochs: 1, batchSize: 32 },
        scoring: { rule: "contribution", maxEvaluations: 500, noiseFloor: 0, acceptance: 0, clusters: false },
        aggregation: { rule: "fedavg" },
        serverOptimizer: { kind: "none" },
        update: { clip: "median-norm", maxStaleness: 0 },
        sync: { scheme: "bsp", releaseRatio: 0.6, releaseCount: 0 },
        invited: [],
        committee: { size: 7 },
        rounds: 10,
        maxUpdates: 64,
      });
      expect(job.data.partition).to.deep.equal({ kind: "iid", parts: 8, seed: 0 });
      expect(job.data.holdout).to.deep.equal({ kind: "public", share: 0.2, publicShare: 0.05 });
      expect(job.money).to.deep.equal({ token: "native", reward: "10", validatorShareBps: 1_500, payRule: "by-gain" });
    });
    it("keeps amounts and addresses as they are written", () => {
      const token = `0x${"12".repeat(20)}`;
      const { job } = parseJobFile(
        minimal.replace("reward: 10", `token: ${token}\n  reward: 1.123456789012345678`),
        "job.yaml",
      );
      expect(job.money).to.include({ token, reward: "1.123456789012345678" });
    });
    it("keeps the digits of every amount, from 18 decimal places to a ten-millionth", () => {
      const sealed = minimal.replace("folder: digits", "folder: digits\n  holdout: {kind: sealed}");
      for (const amount of ["1.123456789012345678", "0.0000001", "90071992547409931", "1.50"]) {
        for (const key of LITERAL_MONEY_KEYS.filter((name) => name !== "token")) {
          const text = sealed.replace("  reward: 10", `  ${key}: ${amount}${key === "reward" ? "" : "\n  reward: 10"}`);
          expect(parseJobFile(text, "job.yaml").job.money, `${key}: ${amount}`).to.have.property(key, amount);
        }
      }
      expect(LITERAL_MONEY_KEYS).to.include.members(["token", "reward", "bond", "seatLock", "initiatorBond"]);
    });
    it("takes amounts as JSON numbers where a number keeps their digits, and else as text alone", () => {
      const withReward = (reward: unknown) =>
        jobFile.safeParse({ name: "x", model: "linear", data: { folder: "d" }, money: { reward } }).success;
      for (const reward of [10, 0.25, 123456789.123456, "1.123456789012345678"]) {
        expect(withReward(reward), String(reward)).to.equal(true);
      }
      for (const reward of [1.1234567890123457, 1e21, 1e-7, Number.MAX_SAFE_INTEGER]) {
        expect(withReward(reward), String(reward)).to.equal(false);
      }
    });
    it("refuses a mistyped address at its line, as a typing mistake", () => {
      const address = "0x70997970C51812dc3A010C7d01b50e0d17dc79c8";
      const invited = problemsIn(`${minimal}invited: ["${address}"]\n`);
      expect(invited).to.have.lengthOf(1);
      expect(invited[0]).to.include({ line: 7, column: 11 });
      expect(invited[0]?.message).to.contain("typing mistake");
      expect(invited[0]?.fix).to.contain("Copy the address again");
      const token = problemsIn(minimal.replace("reward: 10", `token: ${address}\n  reward: 10`));
      expect(token).to.have.lengthOf(1);
      expect(token[0]).to.include({ line: 6, column: 10 });
      expect(token[0]?.message).to.contain("typing mistake");
    });
    it("reads a file that begins with a byte order mark", () => {
      expect(parseJobFile(`\uFEFF${minimal}`, "job.yaml").job.name).to.equal("Digits");
      const [problem] = problemsIn(`\uFEFFnmae: Digits\n${minimal.replace("name: Digits\n", "")}`);
      expect(problem).to.include({ line: 1, column: 1 });
    });
    it("reads the commented example", () => {
      const text = readFileSync(new URL("../../../scripts/job.example.yaml", import.meta.url), "utf8");
      expect(parseJobFile(text, "job.example.yaml").job.name).to.equal("Handwritten digits");
      expect(text).to.match(/^# yaml-language-server: \$schema=\.\.\/sdk\/job-file\/job-schema\.json\n/);
    });
    it("agrees with the schema about the example", () => {
      const schema = z.fromJSONSchema(jobFileJsonSchema());
      const example: unknown = parse(
        readFileSync(new URL("../../../scripts/job.example.yaml", import.meta.url), "utf8"),
      );
      expect(schema.safeParse(example).error?.issues).to.equal(undefined);
      expect(schema.safeParse({ ...Object(example), rouns: 1 }).success).to.equal(false);
    });
    it("goes by the schema that editors use", () => {
      const written = JSON.parse(
        readFileSync(new URL("../../../sdk/job-file/job-schema.json", import.meta.url), "utf8"),
      ) as unknown;
      expect(written, "run tools/abi/write-job-schema.ts").to.deep.equal(
        JSON.parse(JSON.stringify(jobFileJsonSchema())),
      );
    });
  });
});
