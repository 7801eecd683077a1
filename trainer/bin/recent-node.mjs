// Runs a program under a Node version that Hardhat and Helia support. Plain JavaScript, for Node 18 and later.

import { spawn } from "node:child_process";
import { delimiter, dirname } from "node:path";

import { runChild, runNode } from "./run-node.mjs";

const MINIMUM = [22, 18];
const NODE_PACKAGE = "node@22";

/**
 * Returns if this Node is recent enough; otherwise runs the same program under Node 22 from npm and exits with its
 * status.
 */
export async function ensureRecentNode() {
  if (isRecent(process.versions.node)) return;
  const needed = `Node ${MINIMUM.join(".")} or later is needed, this is ${process.version}`;
  if (process.env.COMMONWEIGHT_REEXECUTED) fail(needed);
  process.stderr.write(`commonweight: ${needed}: using ${NODE_PACKAGE} from npm\n`);
  const node = (await nodeFromNpm()) ?? fail(`${needed}, and npm could not fetch ${NODE_PACKAGE}`);
  // Child processes find the same Node first.
  const path = `${dirname(node)}${delimiter}${process.env.PATH ?? ""}`;
  await runNode(node, process.argv.slice(1), { COMMONWEIGHT_REEXECUTED: "1", PATH: path });
}

/** @param {string} version such as 22.18.0 */
function isRecent(version) {
  const [major, minor] = version.split(".").map(Number);
  return major > MINIMUM[0] || (major === MINIMUM[0] && minor >= MINIMUM[1]);
}

/**
 * Returns the path of a recent Node, fetched if needed; `undefined` on failure. A
 * signal ends the fetch and this process.
 */
async function nodeFromNpm() {
  const isWindows = process.platform === "win32";
  const printPath = ["node", "-p", "process.execPath"];
  const child = spawn(
    isWindows ? "npx.cmd" : "npx",
    ["--yes", "--loglevel=error", "-p", NODE_PACKAGE, "--", ...printPath],
    // Windows starts .cmd files only through a shell.
    { stdio: ["ignore", "pipe", "inherit"], shell: isWindows },
  );
  let out = "";
  child.stdout.on("data", (part) => (out += part));
  const status = await runChild(child).catch(() => 1);
  if (status > 128) process.exit(status);
  return status === 0 ? out.trim().split("\n").at(-1) : undefined;
}

function fail(text) {
  const hint = `Install Node 22 or later, or let npx fetch it: npx -y -p ${NODE_PACKAGE} -- node ...`;
  const json = JSON.stringify({ error: "NODE_TOO_OLD", message: text, hint });
  process.stderr.write(process.argv.includes("--json") ? `${json}\n` : `error NODE_TOO_OLD: ${text}\n  ${hint}\n`);
  process.exit(1);
}
