// `npm run test:peers`: checks that failures seen in other systems do not happen here; each is a numbered test named
// after the harm that it did there. `--record` saves the figures for docs/evidence.md.
import { parseArgs } from "node:util";

import Mocha from "mocha";

import { noneAllowed } from "../bench/figures.ts";
import config from "../../.mocharc.json" with { type: "json" };
import { ensureContractsBuilt } from "../../bin/install.mjs";
import { finishGate, RECORD_OPTION } from "../evidence/finish-gate.ts";

const FILE = "test/contracts/attacks/peers-failures.test.ts";
const FAILURES = 18;

const { values } = parseArgs({ options: { record: RECORD_OPTION } });
ensureContractsBuilt();
const mocha = new Mocha({ timeout: config.timeout, forbidOnly: true, color: false });
mocha.addFile(FILE);
await mocha.loadFilesAsync();
const passed = new Set<number>();
const runner = mocha.run((failed) => {
  const missing = Array.from({ length: FAILURES }, (_, index) => index + 1).filter((number) => !passed.has(number));
  if (missing.length > 0) console.log(`not among them: ${missing.join(", ")}`);
  const found = `${FAILURES - missing.length} of ${FAILURES}`;
  finishGate({
    gate: "peers",
    figures: [
      { what: "failures that do not happen here", figure: found, target: "all", met: missing.length === 0 },
      noneAllowed("tests that failed", failed),
    ],
    record: values.record,
  });
  process.exit();
});
runner.on(Mocha.Runner.constants.EVENT_TEST_PASS, ({ title }) => {
  const number = /^(\d+)\. /.exec(title)?.[1];
  if (number !== undefined) passed.add(Number(number));
});
