// `npm run test:kubo`: the contracts of content store and network against a real Kubo daemon, exchange with the
// embedded IPFS node, daemons in trouble, and a job of which half of the workers use Kubo. `--install` builds the
// daemon with Go if it is missing; otherwise the gate is NOT RUN. `--only NAME` runs one file of test/kubo. `--record`
// saves the figures for docs/evidence.md.
import { globSync } from "node:fs";
import { basename } from "node:path";
import { parseArgs } from "node:util";

import Mocha from "mocha";

import config from "../../.mocharc.json" with { type: "json" };
import { ensureContractsBuilt } from "../../bin/install.mjs";
import { noneAllowed } from "../bench/figures.ts";
import { finishGate, gateNotRun, RECORD_OPTION } from "../evidence/finish-gate.ts";
import { locateKubo } from "../programs/kubo-program.ts";
import { ROOT } from "../programs/run-tool.ts";

const { values } = parseArgs({
  options: { install: { type: "boolean", default: false }, only: { type: "string" }, record: RECORD_OPTION },
});
const located = await locateKubo(values.install);
if (located.kind === "missing") gateNotRun(`Kubo: ${located.reason}`);
else await run(located.path);

async function run(program: string): Promise<void> {
  process.env["COMMONWEIGHT_IPFS"] = program;
  ensureContractsBuilt();
  const files = globSync("test/kubo/*.test.ts", { cwd: ROOT })
    .toSorted()
    .filter((file) => values.only === undefined || basename(file, ".test.ts") === values.only);
  const mocha = new Mocha({ timeout: config.timeout, forbidOnly: true, color: false });
  for (const file of files) mocha.addFile(file);
  await mocha.loadFilesAsync();
  const passedIn = new Map(files.map((file) => [basename(file), 0]));
  const runner = mocha.run((failed) => {
    const { passes = 0, pending = 0 } = runner.stats ?? {};
    const withoutTests = [...passedIn.values()].filter((count) => count === 0).length;
    finishGate({
      gate: values.only === undefined ? "kubo" : undefined,
      figures: [
        { what: "tests with a real daemon that passed", figure: String(passes), target: "all", met: failed === 0 },
        noneAllowed("tests that failed or were skipped", failed + pending),
        noneAllowed("files without a test that passed", files.length === 0 ? 1 : withoutTests),
      ],
      record: values.record,
    });
    process.exit();
  });
  runner.on(Mocha.Runner.constants.EVENT_TEST_PASS, ({ file = "" }) => {
    passedIn.set(basename(file), (passedIn.get(basename(file)) ?? 0) + 1);
  });
}
