// `npm run seats`: writes the table of what colluding seats can do into docs/security.md.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { ROOT } from "../programs/run-tool.ts";
import { withSeatTable } from "./table.ts";

const PAGE = join(ROOT, "docs/security.md");

writeFileSync(PAGE, await withSeatTable(readFileSync(PAGE, "utf8")));
console.log("wrote docs/security.md");
