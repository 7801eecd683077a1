// Sees to it that a program runs under a Node that Hardhat and Helia run on. Plain JavaScript, for Node 18 and later.

import { spawnSync } from "node:child_process";

const MINIMUM = [22, 18];
const NODE_PACKAGE = "node@22";

/** Returns under a Node that is recent enough; under another it runs the program anew from npm's Node and ends with its status. */
export function ensureRecentNode() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major > MINIMUM[0] || (major === MINIMUM[0] && minor >= MINIMUM[1])) return;
  const needed = `Node ${MINIMUM.join(".")} or later is needed, this is ${process.version}`;
  if (process.env.COMMONWEIGHT_REEXECUTED) fail(needed);
  process.stderr.write(`commonweight: ${needed}: using ${NODE_PACKAGE} from npm\n`);
  const npx = process.platform === "win32" ? "npx.cmd" : "npx";
  const result = spawnSync(
    npx,
    ["--yes", "--loglevel=error", "-p", NODE_PACKAGE, "--", "node", ...process.argv.slice(1)],
    {
      stdio: "inherit",
      env: { ...process.env, COMMONWEIGHT_REEXECUTED: "1" },
    },
  );
  if (result.error) fail(result.error.message);
  process.exit(result.status ?? 1);
}

function fail(text) {
  process.stderr.write(
    `error NODE_TOO_OLD: ${text}\n  Install Node 22 or later, or let npx fetch it: npx -y -p ${NODE_PACKAGE} -- node ...\n`,
  );
  process.exit(1);
}
