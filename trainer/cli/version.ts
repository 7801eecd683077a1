import { createRequire } from "node:module";

import { z } from "zod";

const manifest = z.object({ version: z.string() });

/** Returns the version of this package. */
export function programVersion(): string {
  // By the package's own name: sources and built files lie at different depths below the manifest.
  return manifest.parse(createRequire(import.meta.url)("commonweight/package.json")).version;
}
