// mocha calls this before the tests (.mocharc.json): `npx mocha test/...` must not test what an earlier version
// compiled to.

import { ensureContractsBuilt } from "./install.mjs";

export function mochaGlobalSetup() {
  ensureContractsBuilt();
}
