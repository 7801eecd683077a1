import { createRequire } from "node:module";

import { z } from "zod";

const manifest = z.object({ version: z.string() });

/** Returns the version of this package. */
export function programVersion(): string {
  // Resolved by package name, because sources and built files are at different depths below the manifest.
  return manifest.parse(createRequire(import.meta.url)("commonweight/package.json")).version;
}
