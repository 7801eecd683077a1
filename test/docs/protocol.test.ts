import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { expect } from "chai";

const PROTOCOL = new URL("../../docs/protocol.md", import.meta.url);
const FENCED = /^```ts\n(.*?)^```$/gms;
const HEADING = /^## (.*)$/gm;
/** Fewer would mean that the document's fences are no longer found. */
const LEAST_EXAMPLES = 8;

interface Example {
  readonly section: string;
  readonly code: string;
}

/** The document's examples, each with the heading that it stands under. */
function examplesOf(text: string): readonly Example[] {
  return [...text.matchAll(FENCED)].map((match) => {
    const before = [...text.slice(0, match.index).matchAll(HEADING)];
    return { section: before.at(-1)?.[1] ?? "", code: match[1] ?? "" };
  });
}

describe("docs/protocol.md", () => {
  const examples = examplesOf(readFileSync(PROTOCOL, "utf8"));
  let folder: string;

  before(() => (folder = mkdtempSync(join(tmpdir(), "commonweight-docs-"))));
  after(() => rmSync(folder, { recursive: true, force: true }));

  /** Runs an example as a module that stands in docs/. */
  async function run(name: string, code: string): Promise<void> {
    const path = join(folder, `${name}.mts`);
    const root = new URL("..", PROTOCOL).href;
    writeFileSync(path, code.replaceAll('from "../', `from "${root}`));
    await import(pathToFileURL(path).href);
  }

  it("has examples", () => expect(examples.length).to.be.at.least(LEAST_EXAMPLES));

  for (const [index, { section, code }] of examples.entries()) {
    it(`holds under "${section}", example ${index + 1}`, async () => {
      expect(code).to.contain("assert.");
      await run(`example-${index + 1}`, code);
    });
  }

  it("would not hold with a wrong figure", async () => {
    const wrong = examples.find(({ section }) => section === "Slashing")?.code.replace("500n", "501n") ?? "";
    const outcome = await run("wrong", wrong).then(
      () => "held",
      () => "refused",
    );
    expect(outcome).to.equal("refused");
  });
});
