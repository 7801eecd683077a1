// Writes sdk/job-schema.json, which editors complete job.yaml with: run it after a change of sdk/job-file-schema.ts.
import { writeFileSync } from "node:fs";

import { jobFileJsonSchema } from "../sdk/job-file-schema.ts";

writeFileSync(new URL("../sdk/job-schema.json", import.meta.url), `${JSON.stringify(jobFileJsonSchema(), null, 2)}\n`);
