// Starts one of this project's programs with everything that it needs. Plain JavaScript without dependencies, for Node 18
// and later: finds a Node that Hardhat and Helia run on, installs the packages, builds the contracts, and then runs
//
//     node bin/bootstrap.mjs scripts/PROGRAM.ts [ARGUMENT ...]

import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { ensureRecentNode } from "../trainer/bin/recent-node.mjs";

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
/** Written when the packages are in; older than the lock file means to install again. */
const INSTALLED = join(ROOT, "node_modules", ".commonweight-installed");
const BUILT = join(ROOT, "artifacts", ".commonweight-built");

const [program, ...programArguments] = process.argv.slice(2);
if (program === undefined) fail("which program? For example: node bin/bootstrap.mjs scripts/demo.ts", 2);

ensureRecentNode();
const start = Date.now();
const installed = install();
const built = build();
const seconds = installed || built ? (Date.now() - start) / 1000 : 0;
exit(
  spawnSync(process.execPath, [...nodeFlags(), join(ROOT, program), ...programArguments], {
    stdio: "inherit",
    env: { ...process.env, COMMONWEIGHT_INSTALL_SECONDS: seconds.toFixed(1) },
  }),
);

function nodeFlags() {
  return ["--disable-warning=ExperimentalWarning"];
}

function install() {
  const lock = join(ROOT, "package-lock.json");
  if (isNewer(INSTALLED, [lock])) return false;
  say("installing the packages of package-lock.json (a minute or two, once)");
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  // npm of another Node would pick other platform packages: it runs under this one.
  const env = {
    ...process.env,
    PATH: `${dirname(process.execPath)}${process.platform === "win32" ? ";" : ":"}${process.env.PATH}`,
  };
  run(npm, ["ci", "--no-audit", "--no-fund", "--loglevel=error"], env);
  writeFileSync(INSTALLED, `${new Date().toISOString()}\n`);
  return true;
}

function build() {
  const sources = [...filesIn(join(ROOT, "contracts")), join(ROOT, "hardhat.config.ts"), INSTALLED];
  if (isNewer(BUILT, sources)) return false;
  // The Solidity tests are compiled by who runs them: they take three times as long as the contracts.
  say("building the contracts (a minute, once)");
  run(
    process.execPath,
    [...nodeFlags(), join(ROOT, "node_modules/hardhat/dist/src/cli.js"), "build", "--no-tests", "--quiet"],
    process.env,
  );
  writeFileSync(BUILT, `${new Date().toISOString()}\n`);
  return true;
}

function filesIn(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? filesIn(join(folder, entry.name)) : [join(folder, entry.name)],
  );
}

function isNewer(stamp, sources) {
  if (!existsSync(stamp)) return false;
  const time = statSync(stamp).mtimeMs;
  return sources.every((source) => statSync(source).mtimeMs <= time);
}

function run(command, commandArguments, env) {
  const result = spawnSync(command, commandArguments, { cwd: ROOT, stdio: "inherit", env });
  if (result.status !== 0) fail(`\`${command} ${commandArguments.join(" ")}\` failed; its message is above`);
}

function exit(result) {
  if (result.error) fail(result.error.message);
  process.exit(result.status ?? 1);
}

function say(text) {
  process.stderr.write(`commonweight: ${text}\n`);
}

function fail(text, status = 1) {
  say(text);
  process.exit(status);
}
