import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const PROTOCOL = new URL("../../docs/protocol.md", import.meta.url);
const FENCED = /^```ts\n(.*?)^```$/gms;
const HEADING = /^## (.*)$/gm;

/** A `ts` block of a document. */
export interface Example {
  /** The heading above it. */
  readonly section: string;
  readonly code: string;
}

/** Returns the text of docs/protocol.md. */
export function protocolText(): string {
  return readFileSync(PROTOCOL, "utf8");
}

/** Returns a document's examples in order. */
export function examplesOf(text: string): readonly Example[] {
  return [...text.matchAll(FENCED)].map((match) => {
    const before = [...text.slice(0, match.index).matchAll(HEADING)];
    return { section: before.at(-1)?.[1] ?? "", code: match[1] ?? "" };
  });
}

/** Runs an example as a module; rejects if it throws. */
export async function runExample({ code }: Example): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "commonweight-docs-"));
  const path = join(folder, "example.mts");
  try {
    // Packages cannot be resolved from a temporary folder, so specifiers are replaced by file URLs.
    writeFileSync(
      path,
      code.replaceAll(/from "(@commonweight\/[^"]+)"/g, (_, name: string) => `from "${import.meta.resolve(name)}"`),
    );
    await import(pathToFileURL(path).href);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
