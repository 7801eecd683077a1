import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** How the programs that `commonweight engine install` runs behave. Programs that are left out do not exist. */
export interface FakeTools {
  readonly npm?: "works" | "fails" | "hangs";
  readonly python3?: "works" | "has no pip" | "cannot download";
  readonly "g++"?: "works" | "fails" | "makes rubbish";
}

/** The package that the fake npm fetches: as much of tfjs-node as a trial calls, and a module file that it reads. */
const PACKAGE = `
const { readFileSync } = require("node:fs");
if (readFileSync(__dirname + "/lib/napi-v8/tfjs_binding.node", "utf8") !== "module") throw new Error("bad module");
const value = new Float32Array(1);
module.exports = {
  version: { "tfjs-node": "4.22.0" },
  backend: () => ({ binding: { TF_Version: "0.0.0" } }),
  ones: () => undefined,
  variable: () => ({ dataSync: () => value }),
  train: { sgd: () => ({ minimize: () => undefined }) },
};
`;
const MAKE_MODULE = `
const { mkdirSync, writeFileSync } = require("node:fs");
const make = (folder, text) => {
  mkdirSync(folder, { recursive: true });
  writeFileSync(folder + "/tfjs_binding.node", text);
};
`;
const OWN_STEP = {
  works: `${MAKE_MODULE} make("lib/napi-v8", "module");`,
  fails: `throw new Error("getaddrinfo ENOTFOUND library.example");`,
};

const NPM = (ownStep: keyof typeof OWN_STEP): Readonly<Record<"works" | "fails" | "hangs", string>> => ({
  works: `
    const { mkdirSync, writeFileSync } = require("node:fs");
    mkdirSync("node_modules/@tensorflow/tfjs-node/scripts", { recursive: true });
    writeFileSync("node_modules/@tensorflow/tfjs-node/index.js", ${JSON.stringify(PACKAGE)});
    writeFileSync("node_modules/@tensorflow/tfjs-node/scripts/install.js", ${JSON.stringify(OWN_STEP[ownStep])});`,
  fails: `console.error("npm error code ENOTFOUND"); process.exit(1);`,
  hangs: `setInterval(() => {}, 1000);`,
});

const PYTHON = {
  works: `
    const { mkdirSync, writeFileSync } = require("node:fs");
    const [first, second] = process.argv.slice(2);
    if (first === "-m" && process.argv.includes("download")) {
      const folder = process.argv[process.argv.indexOf("--dest") + 1];
      mkdirSync(folder);
      writeFileSync(folder + "/fake.whl", "");
    }
    if (first === "-c") {
      const folder = process.argv[5] + "/tensorflow";
      mkdirSync(folder, { recursive: true });
      for (const name of ["cc", "framework"]) writeFileSync(folder + "/libtensorflow_" + name + ".so.2", second);
    }`,
  "has no pip": `if (process.argv.includes("pip")) process.exit(1);`,
  "cannot download": `if (process.argv.includes("download")) {
    console.error("ERROR: No matching distribution found");
    process.exit(1);
  }`,
};

const COMPILER = (text: string): string => `${MAKE_MODULE}
  const target = process.argv[process.argv.indexOf("-o") + 1];
  if (target !== undefined && process.argv.includes("-o")) make(require("node:path").dirname(target), "${text}");`;

const CPP = {
  works: COMPILER("module"),
  fails: `if (process.argv.includes("-o")) { console.error("x.cc:1: fatal error: no header"); process.exit(1); }`,
  "makes rubbish": COMPILER("rubbish"),
};

/**
 * Writes programs that stand for npm, python3 and g++ into a folder, which is to be the PATH. Each appends its name,
 * its process number and its environment to `calls` there, a line of JSON for every call.
 *
 * @param ownStep how the fetched package's own install step ends
 */
export async function writeFakeTools(folder: string, tools: FakeTools, ownStep: keyof typeof OWN_STEP): Promise<void> {
  await mkdir(folder, { recursive: true });
  const bodies = {
    npm: tools.npm && NPM(ownStep)[tools.npm],
    python3: tools.python3 && PYTHON[tools.python3],
    "g++": tools["g++"] && CPP[tools["g++"]],
  };
  for (const [name, body] of Object.entries(bodies)) {
    if (body === undefined) continue;
    const call = `{ name: ${JSON.stringify(name)}, pid: process.pid, env: process.env }`;
    const calls = JSON.stringify(join(folder, "calls"));
    const log = `require("node:fs").appendFileSync(${calls}, JSON.stringify(${call}) + "\\n");`;
    const path = join(folder, name);
    await writeFile(path, `#!${process.execPath}\n${log}\n${body}\n`);
    await chmod(path, 0o755);
  }
}
