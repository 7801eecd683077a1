// `npm run test:peers`: the failures of peers, each a numbered test named after what it did to its users.
import Mocha from "mocha";

import config from "../../.mocharc.json" with { type: "json" };
import { ensureContractsBuilt } from "../../bin/install.mjs";

const FILE = "test/contracts/attacks/peers-failures.test.ts";
const FAILURES = 18;

ensureContractsBuilt();
const mocha = new Mocha({ timeout: config.timeout, forbidOnly: true, color: false });
mocha.addFile(FILE);
await mocha.loadFilesAsync();
const passed = new Set<number>();
const runner = mocha.run((failed) => {
  const missing = Array.from({ length: FAILURES }, (_, index) => index + 1).filter((number) => !passed.has(number));
  if (missing.length > 0) console.log(`not among them: ${missing.join(", ")}`);
  console.log(`${FAILURES - missing.length} of ${FAILURES} failures of peers do not happen here (target ${FAILURES})`);
  process.exit(failed === 0 && missing.length === 0 ? 0 : 1);
});
runner.on(Mocha.Runner.constants.EVENT_TEST_PASS, ({ title }) => {
  const number = /^(\d+)\. /.exec(title)?.[1];
  if (number !== undefined) passed.add(Number(number));
});
