// `npm run packages [FOLDER ...]`: builds the published packages into sdk/dist and trainer/dist, and writes their
// manifests to package.published.json. Each package's `prepack` script calls it with its own folder.
//
// The manifests in the repository export the TypeScript sources, so that the repository runs without a build. npm packs
// a folder unchanged, and `publishConfig` cannot change `exports`. So `prepack` swaps the manifest
// (bin/source-manifests.mjs) and `postpack` restores it; if packing was interrupted, bin/bootstrap.mjs restores it at
// its next start. The library `clean-package` also swaps manifests, but does not recover from an interruption.
import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { z } from "zod";

import { ROOT } from "../programs/run-tool.ts";
import { buildPackage, readManifest, type PackageFolder } from "./build-package.ts";
import { publishedManifest, sourceManifest } from "./published-manifest.ts";
import { ensureContractsBuilt } from "../../bin/install.mjs";

const FOLDERS = ["sdk", "trainer"] as const;
/** Exports that exist only in the built package. */
const ONLY_BUILT = { sdk: { "./deployments/*.json": "./dist/deployments/*.json" }, trainer: {} } as const;

ensureContractsBuilt();
const chosen = z.array(z.enum(FOLDERS)).parse(process.argv.slice(2));
for (const folder of chosen.length === 0 ? FOLDERS : chosen) await build(folder);

async function build(folder: PackageFolder): Promise<void> {
  await buildPackage(folder);
  const manifest = publishedManifest(sourceManifest.parse(readManifest(folder)), ONLY_BUILT[folder]);
  writeFileSync(join(ROOT, folder, "package.published.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  // On standard error: npm's own output of a pack stays as it is.
  console.error(`built ${folder}/dist, the package ${manifest.name} ${manifest.version}`);
}
