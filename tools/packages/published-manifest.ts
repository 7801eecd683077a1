import { z } from "zod";

/** The parts of a package's manifest that differ between the repository and what is published. */
export const sourceManifest = z.looseObject({
  name: z.string(),
  version: z.string(),
  exports: z.record(z.string(), z.string()),
  bin: z.record(z.string(), z.string()).optional(),
  scripts: z.record(z.string(), z.string()).optional(),
});

export type SourceManifest = z.infer<typeof sourceManifest>;

/** What Node and TypeScript read of a published package. */
export type PublishedManifest = Omit<SourceManifest, "exports" | "scripts"> & {
  readonly exports: Readonly<Record<string, string | { readonly types: string; readonly default: string }>>;
};

/** Files that are published where the repository has them. */
const IN_PLACE = new Set(["./package.json"]);

/**
 * Returns the manifest that is published: what points at a source in the repository points at its build in `dist/`.
 *
 * @param additional entries of `exports` for what only the published package contains
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
