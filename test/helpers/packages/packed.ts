import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { runProgram } from "../../../tools/programs/run-program.ts";
import { ROOT } from "../../../tools/programs/run-tool.ts";

const PACK_TIMEOUT_MS = 300_000;

/** The tarballs of both packages. */
export interface PackedPackages {
  readonly sdk: string;
  readonly program: string;
  remove(): void;
}

/** Packs both packages, as for publishing. */
export async function packPackages(): Promise<PackedPackages> {
  const folder = mkdtempSync(join(tmpdir(), "commonweight-pack-"));
  const { status, output } = await runProgram(
    "npm",
    ["pack", "-w", "@commonweight/sdk", "-w", "commonweight", "--pack-destination", folder],
    { folder: ROOT, timeoutMs: PACK_TIMEOUT_MS },
  );
  if (status !== 0) throw new Error(`npm pack failed:\n${output}`);
  const find = (pattern: RegExp) => {
    const name = readdirSync(folder).find((file) => pattern.test(file));
    if (name === undefined) throw new Error(`npm pack created no file that matches ${pattern}:\n${output}`);
    return join(folder, name);
  };
  return {
    sdk: find(/^commonweight-sdk-\d.*\.tgz$/),
    program: find(/^commonweight-\d.*\.tgz$/),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Creates an empty project, like that of a user who installs the packages. */
export function emptyProject(): string {
  const folder = mkdtempSync(join(tmpdir(), "commonweight-user-"));
  writeFileSync(join(folder, "package.json"), `${JSON.stringify({ private: true, type: "module" })}\n`);
  return folder;
}

/** Returns the first example of the sdk's README, with its endpoint replaced by `url`. */
export function readmeExample(url: string): string {
  const readme = readFileSync(join(ROOT, "sdk/README.md"), "utf8");
  const code = /```ts\n(?<code>.*?)```/s.exec(readme)?.groups?.code;
  if (code === undefined) throw new Error("sdk/README.md has no example");
  const endpoint = "http://127.0.0.1:8545";
  if (!code.includes(endpoint)) throw new Error(`the example in sdk/README.md does not connect to ${endpoint}`);
  return code.replace(endpoint, url);
}
