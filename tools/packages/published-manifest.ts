import { z } from "zod";

/** The fields of a package's manifest that differ between the repository and the published package. */
export const sourceManifest = z.looseObject({
  name: z.string(),
  version: z.string(),
  exports: z.record(z.string(), z.string()),
  bin: z.record(z.string(), z.string()).optional(),
  scripts: z.record(z.string(), z.string()).optional(),
});

export type SourceManifest = z.infer<typeof sourceManifest>;

/** Manifest of a published package. */
export type PublishedManifest = Omit<SourceManifest, "exports" | "scripts"> & {
  readonly exports: Readonly<Record<string, string | { readonly types: string; readonly default: string }>>;
};

/** Files that are published at the same path as in the repository. */
const IN_PLACE = new Set(["./package.json"]);

/**
 * Returns the published manifest: paths of sources are replaced by their builds in `dist/`.
 *
 * @param additional entries of `exports` that only the published package has
 */
export function publishedManifest(
  { scripts: _scripts, ...manifest }: SourceManifest,
  additional: PublishedManifest["exports"] = {},
): PublishedManifest {
  const targets = Object.entries(manifest.exports).map(([name, path]) => [name, builtTarget(path)] as const);
  const bin = Object.entries(manifest.bin ?? {}).map(([name, path]) => [name, inDist(path)] as const);
  return {
    ...manifest,
    exports: { ...Object.fromEntries(targets), ...additional },
    ...(bin.length === 0 ? {} : { bin: Object.fromEntries(bin) }),
  };
}

function builtTarget(path: string): PublishedManifest["exports"][string] {
  if (IN_PLACE.has(path)) return path;
  if (!path.endsWith(".ts")) return inDist(path);
  const stem = inDist(path).slice(0, -".ts".length);
  return { types: `${stem}.d.ts`, default: `${stem}.js` };
}

function inDist(path: string): string {
  return `./dist/${path.replace(/^\.\//, "")}`;
}
