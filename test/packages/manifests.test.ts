import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";
import ts from "typescript";

import { publishManifest, restoreManifests } from "../../bin/source-manifests.mjs";
import root from "../../package.json" with { type: "json" };
import sdk from "../../sdk/package.json" with { type: "json" };
import program from "../../trainer/package.json" with { type: "json" };
import { publishedManifest } from "../../tools/packages/published-manifest.ts";
import { ROOT } from "../../tools/programs/run-tool.ts";

/** Sources that use the repository's own manifest. */
const ROOT_SOURCES = ["scripts", "tools", "experiments", "test", "bin"].map((folder) => `${folder}/**/*.{ts,mjs}`);
/** Optional packages: without tfjs-node, training uses WASM. */
const OPTIONAL = new Set(["@tensorflow/tfjs-node"]);

describe("package manifests", () => {
  it("have one version", () => {
    expect(sdk.version).to.equal(root.version);
    expect(program.version).to.equal(root.version);
    expect(program.dependencies["@commonweight/sdk"]).to.equal(sdk.version);
    expect(root.dependencies["@commonweight/sdk"]).to.equal(sdk.version);
  });

  it("name every package that their sources import", () => {
    expect(undeclared(["sdk/**/*.ts"], sdk)).to.deep.equal([]);
    expect(undeclared(["trainer/**/*.{ts,mjs}"], program)).to.deep.equal([]);
    expect(undeclared([...ROOT_SOURCES, "hardhat.config.ts"], root)).to.deep.equal([]);
  });

  it("name every optional peer as optional, in a range that has the repository's version", () => {
    expect(program.peerDependencies).to.deep.equal({ hardhat: `^${root.devDependencies.hardhat}` });
    expect(program.peerDependenciesMeta).to.deep.equal({ hardhat: { optional: true } });
  });

  it("have the same version of each package in all three", () => {
    const versions = new Map<string, string>();
    for (const manifest of [root, sdk, program]) {
      for (const [name, version] of Object.entries(dependenciesOf(manifest))) {
        expect(versions.get(name) ?? version, name).to.equal(version);
        versions.set(name, version);
      }
    }
  });

  it("point only at the build when they are published", () => {
    const published = publishedManifest({
      ...{ name: "x", version: "1.2.3", files: ["dist"], bin: { x: "bin/x.mjs" }, scripts: { prepack: "build" } },
      exports: { "./package.json": "./package.json", "./schema.json": "./a/schema.json", "./*": "./*.ts" },
    });
    expect(published).to.deep.equal({
      ...{ name: "x", version: "1.2.3", files: ["dist"], bin: { x: "./dist/bin/x.mjs" } },
      exports: {
        "./package.json": "./package.json",
        "./schema.json": "./dist/a/schema.json",
        "./*": { types: "./dist/*.d.ts", default: "./dist/*.js" },
      },
    });
  });

  it("are restored after an interruption, and only then", () => {
    const folder = mkdtempSync(join(tmpdir(), "commonweight-manifests-"));
    try {
      const path = join(folder, "sdk/package.json");
      mkdirSync(join(folder, "sdk"));
      writeFileSync(path, "source");
      restoreManifests(folder);
      expect(readFileSync(path, "utf8")).to.equal("source");
      writeFileSync(join(folder, "sdk/package.published.json"), "published");
      publishManifest(folder, "sdk");
      expect(readFileSync(path, "utf8")).to.equal("published");
      restoreManifests(folder);
      restoreManifests(folder);
      expect(readFileSync(path, "utf8")).to.equal("source");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

interface Manifest {
  readonly dependencies?: object;
  readonly devDependencies?: object;
  readonly peerDependencies?: object;
  readonly name: string;
}

function dependenciesOf({ dependencies, devDependencies }: Manifest): Record<string, string> {
  return { ...dependencies, ...devDependencies };
}

function undeclared(patterns: readonly string[], manifest: Manifest): readonly string[] {
  const names = Object.keys({ ...dependenciesOf(manifest), ...manifest.peerDependencies });
  const declared = new Set([...names, manifest.name]);
  const files = globSync([...patterns], {
    cwd: ROOT,
    exclude: ["**/node_modules/**", "**/dist/**", "sdk/abi/typechain/**"],
  });
  expect(files).not.to.have.lengthOf(0);
  const imported = files.flatMap((file) => importsOf(readFileSync(join(ROOT, file), "utf8")));
  return [...new Set(imported)].filter((name) => !declared.has(name) && !OPTIONAL.has(name)).toSorted();
}

/** The packages that a source imports, by their names. */
function importsOf(source: string): readonly string[] {
  return ts.preProcessFile(source, true, true).importedFiles.flatMap(({ fileName: name }) => {
    if (name.startsWith(".") || isBuiltin(name)) return [];
    return [
      name
        .split("/")
        .slice(0, name.startsWith("@") ? 2 : 1)
        .join("/"),
    ];
  });
}
