// Writes sdk/job-file/job-schema.json, which gives editors completion for job.yaml. Run it after a change of
// sdk/job-file/job-file-schema.ts.
import { writeFileSync } from "node:fs";

import { jobFileJsonSchema } from "@commonweight/sdk/job-file/job-file-schema";

writeFileSync(
  new URL("../../sdk/job-file/job-schema.json", import.meta.url),
  `${JSON.stringify(jobFileJsonSchema(), null, 2)}\n`,
);
