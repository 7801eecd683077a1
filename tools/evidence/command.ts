// `npm run evidence`: writes docs/evidence.md from the gates' recorded results and the hand-written faults.yaml and
// notes.yaml. `--check` writes nothing, and fails if the page differs.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { ROOT } from "../programs/run-tool.ts";
import { currentPage } from "./current-page.ts";

const PAGE = "docs/evidence.md";

const { values } = parseArgs({ options: { check: { type: "boolean", default: false } } });
const text = await currentPage();
const path = join(ROOT, PAGE);
if (!values.check) {
  writeFileSync(path, text);
  console.log(`wrote ${PAGE}`);
} else if (readFileSync(path, "utf8") === text) {
  console.log(`${PAGE} matches the recorded results`);
} else {
  console.error(`${PAGE} differs from the recorded results: run \`npm run evidence\``);
  process.exitCode = 1;
}
