// Installs the packages of package-lock.json and builds the contracts, unless both are up to date. Plain JavaScript
// without dependencies, for Node 22.18 and later.

import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { runChild } from "../trainer/bin/run-node.mjs";

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
/** Stamp files: each contains the hash of the inputs of the last install or build. */
const INSTALLED = join(ROOT, "node_modules/.commonweight-installed");
const BUILT = join(ROOT, "artifacts/.commonweight-built");
/** Results of a build that a program or the type check needs. */
const BUILD_OUTPUT = ["artifacts/contracts", "sdk/abi/typechain/index.ts"];

/**
 * Installs the packages of the lock file unless this script did so before; returns whether it installed. A signal ends
 * npm as well, and the next run installs again.
 */
export async function ensureInstalled() {
  const wanted = hashOf([join(ROOT, "package-lock.json")]);
  if (stampOf(INSTALLED) === wanted) return false;
  say("installing the packages of package-lock.json (a minute or two, once)");
  const isWindows = process.platform === "win32";
  // npm runs under this Node: another version would select other native packages.
  const env = { ...process.env, PATH: `${dirname(process.execPath)}${delimiter}${process.env.PATH ?? ""}` };
  // Without the stamp, an interrupted installation is never taken for a complete one, even if the lock file
  // changes back.
  rmSync(INSTALLED, { force: true });
  const npm = isWindows ? "npm.cmd" : "npm";
  const words = ["ci", "--no-audit", "--no-fund", "--loglevel=error"];
  const options = { cwd: ROOT, stdio: ["ignore", 2, 2], env, shell: isWindows };
  const result = await runChild(spawn(npm, words, options)).then(
    (status) => ({ status }),
    (error) => ({ status: 1, error }),
  );
  // From 128 on, a signal ended it: the user's, who needs no reason.
  if (result.status >= 128) process.exit(result.status);
  requireSuccess(npm, words, result);
  writeFileSync(INSTALLED, wanted);
  return true;
}

/** Builds the contracts and their types if an input changed since the last build; returns whether it built. */
export function ensureContractsBuilt() {
  const sources = filesIn(join(ROOT, "contracts")).filter((path) => path.endsWith(".sol"));
  const wanted = hashOf([...sources.sort(), join(ROOT, "hardhat.config.ts"), join(ROOT, "package-lock.json")]);
  const isComplete = BUILD_OUTPUT.every((path) => existsSync(join(ROOT, path)));
  if (isComplete && stampOf(BUILT) === wanted) return false;
  // With Hardhat's cache this takes seconds if only the stamp is missing. The Solidity tests, which take three times
  // as long, are compiled by the commands that run them.
  say("building the contracts (a minute after a change)");
  rmSync(BUILT, { force: true });
  const hardhat = join(ROOT, "node_modules/hardhat/dist/src/cli.js");
  run(process.execPath, ["--disable-warning=ExperimentalWarning", hardhat, "build", "--no-tests", "--quiet"]);
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

function run(command, commandArguments) {
  const options = { cwd: ROOT, stdio: ["ignore", 2, 2] };
  requireSuccess(command, commandArguments, spawnSync(command, commandArguments, options));
}

function requireSuccess(command, commandArguments, result) {
  if (result.status === 0) return;
  const reason = result.error === undefined ? "see its output above" : result.error.message;
  say(`\`${command} ${commandArguments.join(" ")}\` failed: ${reason}`);
  process.exit(1);
}

function say(text) {
  process.stderr.write(`commonweight: ${text}\n`);
}
