// `npm run shards`: writes the table of what bad shards save an initiator into docs/security.md.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { ROOT } from "../programs/run-tool.ts";
import { withShardTable } from "./table.ts";

const PAGE = join(ROOT, "docs/security.md");

writeFileSync(PAGE, await withShardTable(readFileSync(PAGE, "utf8")));
console.log("wrote docs/security.md");
