// `npm run packages`: builds the packages that are published into sdk/dist and trainer/dist, each with its manifest in
// package.published.json. With names of folders only those: the `prepack` script of each package calls it so.
//
// The manifests in the repository export the TypeScript sources, so that nothing has to be built to run it; npm packs a
// folder as it stands, and `publishConfig` cannot change `exports`. So `prepack` exchanges the manifest
// (bin/source-manifests.mjs), and `postpack` restores it, or bin/bootstrap.mjs at its next start where packing was
// interrupted. The library `clean-package` exchanges manifests too, but leaves the wrong one in place after an
// interruption.
import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { z } from "zod";

import { ROOT } from "../programs/run-tool.ts";
import { buildPackage, readManifest, type PackageFolder } from "./build-package.ts";
import { publishedManifest, sourceManifest } from "./published-manifest.ts";
import { ensureContractsBuilt } from "../../bin/install.mjs";

const FOLDERS = ["sdk", "trainer"] as const;
/** What exists only in the built package. */
const ONLY_BUILT = { sdk: { "./deployments/*.json": "./dist/deployments/*.json" }, trainer: {} } as const;

ensureContractsBuilt();
const chosen = z.array(z.enum(FOLDERS)).parse(process.argv.slice(2));
for (const folder of chosen.length === 0 ? FOLDERS : chosen) await build(folder);

async function build(folder: PackageFolder): Promise<void> {
  await buildPackage(folder);
  const manifest = publishedManifest(sourceManifest.parse(readManifest(folder)), ONLY_BUILT[folder]);
  writeFileSync(join(ROOT, folder, "package.published.json"), `${JSON.stringify(manifest, null, 2)}\n`);
}
