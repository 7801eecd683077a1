// Installs the packages of package-lock.json and builds the contracts, where that is not done yet. Plain JavaScript
// without dependencies, for Node 22.18 and later.

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
/** Each stamp contains the hash of what the step was last done for. */
const INSTALLED = join(ROOT, "node_modules/.commonweight-installed");
const BUILT = join(ROOT, "artifacts/.commonweight-built");
/** Results of a build that a program or the type check needs. */
const BUILD_OUTPUT = ["artifacts/contracts", "sdk/abi/typechain/index.ts"];

/** Installs the packages unless those of the lock file are installed by this script; returns whether it did. */
export function ensureInstalled() {
  const wanted = hashOf([join(ROOT, "package-lock.json")]);
  if (stampOf(INSTALLED) === wanted) return false;
  say("installing the packages of package-lock.json (a minute or two, once)");
  const isWindows = process.platform === "win32";
  // Under another Node npm would choose other platform packages.
  const env = { ...process.env, PATH: `${dirname(process.execPath)}${delimiter}${process.env.PATH ?? ""}` };
  run(isWindows ? "npm.cmd" : "npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], { env, shell: isWindows });
  writeFileSync(INSTALLED, wanted);
  return true;
}

/**
 * Builds the contracts and their types unless contracts and settings are those of the last build; returns whether it
 * did.
 */
export function ensureContractsBuilt() {
  const sources = filesIn(join(ROOT, "contracts")).filter((path) => path.endsWith(".sol"));
  const wanted = hashOf([...sources.sort(), join(ROOT, "hardhat.config.ts"), join(ROOT, "package-lock.json")]);
  const isComplete = BUILD_OUTPUT.every((path) => existsSync(join(ROOT, path)));
  if (isComplete && stampOf(BUILT) === wanted) return false;
  // Hardhat's own cache makes this a matter of seconds where only the stamp is missing. The Solidity tests, which take
  // three times as long, are compiled by the commands that run them.
  say("building the contracts (a minute after a change)");
  const hardhat = join(ROOT, "node_modules/hardhat/dist/src/cli.js");
  run(process.execPath, ["--disable-warning=ExperimentalWarning", hardhat, "build", "--no-tests", "--quiet"], {});
  mkdirSync(dirname(BUILT), { recursive: true });
  writeFileSync(BUILT, wanted);
  return true;
}

function filesIn(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? filesIn(join(folder, entry.name)) : [join(folder, entry.name)],
  );
}

function hashOf(paths) {
  const hash = createHash("sha256");
  for (const path of paths) hash.update(path.slice(ROOT.length)).update("\0").update(readFileSync(path)).update("\0");
  return hash.digest("hex");
}

function stampOf(path) {
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}

function run(command, commandArguments, options) {
  const result = spawnSync(command, commandArguments, { cwd: ROOT, stdio: ["ignore", 2, 2], ...options });
  if (result.status === 0) return;
  const reason = result.error === undefined ? "its message is above" : result.error.message;
  say(`\`${command} ${commandArguments.join(" ")}\` failed: ${reason}`);
  process.exit(1);
}

function say(text) {
  process.stderr.write(`commonweight: ${text}\n`);
}
