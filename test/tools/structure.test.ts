import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { expect } from "chai";

import { formatFigure, measureStructure, type Figure } from "../../tools/lint/structure/figures.ts";
import { readSourceTree } from "../../tools/lint/structure/source-tree.ts";

type Files = Readonly<Record<string, string>>;

/** A tree without faults: two folders, one of which imports the other, and one built contract. */
const SOUND: Files = {
  "sdk/errors.ts": "export class Fault extends Error {}",
  "sdk/spec/model.ts": 'import { Fault } from "../errors.ts";\nexport type Model = Fault;',
  "trainer/engine/port.ts": 'import type { Model } from "@commonweight/sdk/spec/model";\nexport type Engine = Model;',
  "trainer/engine/train.ts": 'import "./port.ts";\nexport const train = (a: 1, b: 2, c: 3, d: 4) => [a, b, c, d];',
  "artifacts/contracts/Market.sol/Market.json": artifactOf(17_999),
};

function artifactOf(bytes: number): string {
  return JSON.stringify({ deployedBytecode: `0x${"00".repeat(bytes)}` });
}

/** Measures the sound tree with some files added or replaced. */
async function figuresWith(planted: Files): Promise<readonly Figure[]> {
  const root = mkdtempSync(join(tmpdir(), "commonweight-structure-"));
  try {
    const files = { ...SOUND, ...planted };
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, file)), { recursive: true });
      writeFileSync(join(root, file), text);
    }
    return await measureStructure({ root, files: Object.keys(files).filter((file) => !file.startsWith("artifacts/")) });
  } finally {
    rmSync(root, { recursive: true });
  }
}

/** Problems by figure; figures without problems are left out. */
async function problemsWith(planted: Files): Promise<Readonly<Record<string, readonly string[]>>> {
  const faulty = (await figuresWith(planted)).filter(({ problems }) => problems.length > 0);
  return Object.fromEntries(faulty.map(({ name, problems }) => [name, problems]));
}

describe("the structure check", () => {
  it("passes a sound tree, and prints a line for every figure with its limit", async () => {
    const figures = await figuresWith({});
    expect(figures.map(formatFigure)).to.deep.equal([
      "ok     circles of files         0 (limit: 0)",
      "ok     circles of folders       0 (limit: 0)",
      "ok     files in one folder      2 in trainer/engine (limit: 20)",
      "ok     parameters of a function at most 4 (limit: 4, outside tests)",
      "ok     largest contract         Market 17999 bytes (limit: below 18000 bytes)",
      "ok     lines over 120 columns   0 (limit: 0)",
      "ok     stale path patterns      0 (limit: 0)",
    ]);
  });

  it("finds a circle of files, through a type import and three files too", async () => {
    const two = { "sdk/errors.ts": 'import type { Model } from "./spec/model.ts";\nexport type Fault = Model;' };
    expect(await problemsWith(two)).to.have.property("circles of files");
    const three = {
      "sdk/spec/a.ts": 'import "./b.ts";',
      "sdk/spec/b.ts": 'export * from "./c.ts";',
      "sdk/spec/c.ts": 'export type A = import("./a.ts").A;',
    };
    const { "circles of files": circles, ...others } = await problemsWith(three);
    expect(circles).to.have.length(1);
    expect(circles?.[0]).to.contain("sdk/spec/a.ts -> sdk/spec/b.ts -> sdk/spec/c.ts -> sdk/spec/a.ts");
    expect(others).to.deep.equal({});
  });

  it("finds a circle of folders side by side whose files make none, and names both imports", async () => {
    const planted = {
      "trainer/data/set.ts": 'import "../engine/port.ts";',
      "trainer/engine/kernels/filter.ts": 'import "../../data/idx.ts";',
      "trainer/data/idx.ts": "",
    };
    expect(await problemsWith(planted)).to.deep.equal({
      "circles of folders": [
        "trainer/data -> trainer/engine -> trainer/data" +
          "\n           trainer/data/set.ts imports trainer/engine/port.ts" +
          "\n           trainer/engine/kernels/filter.ts imports trainer/data/idx.ts",
      ],
    });
  });

  it("finds a circle of three folders", async () => {
    const planted = {
      "trainer/a/one.ts": 'import "../b/one.ts";',
      "trainer/b/one.ts": 'import "../c/one.ts";',
      "trainer/c/one.ts": 'import "../a/two.ts";',
      "trainer/a/two.ts": "",
    };
    expect(Object.keys(await problemsWith(planted))).to.deep.equal(["circles of folders"]);
  });

  it("finds a circle of a folder's own files and its subfolder", async () => {
    const planted = {
      "sdk/money.ts": 'import "./spec/limits.ts";',
      "sdk/spec/limits.ts": "",
    };
    const { "circles of folders": circles } = await problemsWith(planted);
    expect(circles?.[0]).to.match(/^sdk\/\* -> sdk\/spec -> sdk\/\*/);
  });

  it("counts files of a folder, but not generated ones", async () => {
    const many = (folder: string) =>
      Object.fromEntries(Array.from({ length: 21 }, (_, at) => [`${folder}/file-${at}.ts`, ""]));
    expect(await problemsWith(many("sdk/protocol"))).to.deep.equal({
      "files in one folder": ["sdk/protocol: 21 files"],
    });
    for (const folder of ["sdk/abi", "deployments", "experiments/studies/clones/results"]) {
      expect(await problemsWith(many(folder)), folder).to.deep.equal({});
    }
  });

  it("counts parameters of functions, methods, constructors and function types, outside tests", async () => {
    const five = "(a: 1, b: 2, c: 3, d: 4, e: 5)";
    const planted = {
      "sdk/a.ts": `export function f${five} {}`,
      "sdk/b.ts": `export const g = ${five} => 0;`,
      "sdk/c.ts": `export class C {\n  constructor${five} {}\n  m${five} {}\n}`,
      "sdk/d.ts": `export type T = ${five} => void;`,
      "sdk/e.ts": "export function h(this: C, a: 1, b: 2, c: 3, d: 4) {}",
      "test/sdk/a.test.ts": `export function f${five} {}`,
    };
    expect(await problemsWith(planted)).to.deep.equal({
      "parameters of a function": [
        "sdk/a.ts:1 f: 5",
        "sdk/b.ts:1 g: 5",
        "sdk/c.ts:2 constructor: 5",
        "sdk/c.ts:3 m: 5",
        "sdk/d.ts:1 function: 5",
      ],
    });
  });

  it("finds a contract of 18,000 bytes, but not a mock, and a tree whose contracts are not built", async () => {
    const planted = {
      "artifacts/contracts/libraries/Draw.sol/Draw.json": artifactOf(18_000),
      "artifacts/contracts/mocks/Harness.sol/Harness.json": artifactOf(20_000),
      "artifacts/contracts/interfaces/IDraw.sol/IDraw.json": artifactOf(0),
    };
    expect(await problemsWith(planted)).to.deep.equal({ "largest contract": ["Draw 18000 bytes"] });
    const unbuilt = { "artifacts/contracts/Market.sol/Market.json": artifactOf(0) };
    expect(Object.keys(await problemsWith(unbuilt))).to.deep.equal(["largest contract"]);
  });

  it("finds comments and code over 120 columns, but not what cannot be broken, generated or Markdown", async () => {
    const words = "word ".repeat(25);
    const planted = {
      "sdk/a.ts": `const a = 1;\n// ${words}\n/**\n * ${words}"quoted"\n */\n`,
      "contracts/A.sol": `/// ${words}\n`,
      "sdk/b.ts": `const a = b + ${"c + ".repeat(30)}d;\n`,
      "sdk/c.ts": `// https://example.org/${words}\nconst a = "${words}";\n// ${"é".repeat(117)}\n`,
      "sdk/abi/d.ts": `// ${words}\n`,
      "docs/a.md": words,
    };
    expect(await problemsWith(planted)).to.deep.equal({
      "lines over 120 columns": ["sdk/a.ts:2", "sdk/a.ts:4", "contracts/A.sol:1", "sdk/b.ts:1"],
    });
  });

  it("finds patterns that match no file in every configuration, and every alternative of a rule", async () => {
    const planted = {
      ".gitignore": "/coverage/\n*.log\n",
      ".prettierignore": "# Output\ncoverage/\nsdk/gone/\nsdk/spec/\n",
      ".solhintignore": "contracts/mocks/\n",
      "contracts/mocks/Token.sol": "",
      "eslint.config.js": `export default [{ ignores: ["coverage/", "lost/"] }, { files: ["**/*.ts", "**/*.tsx", "sdk/lost.ts"] }];`,
      "tsconfig.json": '{ "include": ["sdk", "web"] }',
      ".dependency-cruiser.js": `export default {
        forbidden: [
          { from: { path: "^sdk/(errors|spec/(model|lost))\\\\.ts$" }, to: { pathNot: ["^node_modules/x/", "^@a/b$"] } },
        ],
        options: { doNotFollow: { path: ["^coverage/", "^(web)/"] } },
      };`,
    };
    expect(await problemsWith(planted)).to.deep.equal({
      "stale path patterns": [
        "eslint.config.js: lost/ matches no file",
        "eslint.config.js: sdk/lost.ts matches no file",
        ".prettierignore: sdk/gone/ matches no file",
        "tsconfig.json: web matches no file",
        ".dependency-cruiser.js: ^sdk/(?:spec/(?:lost))\\.ts$ matches no file",
        ".dependency-cruiser.js: ^(?:web)/ matches no file",
      ],
    });
  });

  it("looks at what git tracks or would add, and without git at all but packages and output", () => {
    const root = mkdtempSync(join(tmpdir(), "commonweight-structure-"));
    try {
      for (const file of [".gitignore", "tracked.ts", "new.ts", "gone.ts", "ignored.log"]) {
        writeFileSync(join(root, file), file === ".gitignore" ? "*.log\n" : "");
      }
      const git = (...words: readonly string[]): Buffer => execFileSync("git", [...words], { cwd: root });
      git("init", "--quiet");
      git("add", "tracked.ts", "gone.ts");
      rmSync(join(root, "gone.ts"));
      expect(readSourceTree(root).files).to.deep.equal([".gitignore", "new.ts", "tracked.ts"]);

      rmSync(join(root, ".git"), { recursive: true });
      mkdirSync(join(root, "node_modules/a"), { recursive: true });
      writeFileSync(join(root, "node_modules/a/b.ts"), "");
      mkdirSync(join(root, "sdk"));
      writeFileSync(join(root, "sdk/a.ts"), "");
      const all = [".gitignore", "ignored.log", "new.ts", "sdk/a.ts", "tracked.ts"];
      expect(readSourceTree(root).files).to.deep.equal(all);
    } finally {
      rmSync(root, { recursive: true });
    }
  });
});
