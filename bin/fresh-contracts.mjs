// mocha calls this before the tests (.mocharc.json), so that `npx mocha test/...` never tests stale artifacts.

import { ensureContractsBuilt } from "./install.mjs";

export function mochaGlobalSetup() {
  ensureContractsBuilt();
}
