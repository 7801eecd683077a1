import { expect } from "chai";

import { withWorkLines } from "../../../trainer/cli/text/work-lines.ts";

const INTERVAL_MS = 5;

describe("a command's work that takes long", () => {
  const write = process.stderr.write.bind(process.stderr);
  let lines: string[];
  /** Resolves once so many lines were written. */
  let written: (count: number) => Promise<void>;

  beforeEach(() => {
    lines = [];
    const waiting = new Map<number, () => void>();
    written = (count) => new Promise((resolve) => waiting.set(count, resolve));
    process.stderr.write = (text: string | Uint8Array) => {
      lines.push(String(text));
      waiting.get(lines.length)?.();
      return true;
    };
  });
  afterEach(() => (process.stderr.write = write));

  it("prints on standard error that it goes on, with the share that is done", async () => {
    const result = await withWorkLines(
      { json: false, quiet: false },
      "dry run",
      async (done) => {
        await written(1);
        done(1 / 3);
        await written(2);
        return "result";
      },
      INTERVAL_MS,
    );
    expect(result).to.equal("result");
    expect(lines[0]).to.match(/^dry run: working for \d+ s\n$/);
    expect(lines[1]).to.match(/^dry run: working for \d+ s, 33 % done\n$/);
  });

  for (const option of ["json", "quiet"] as const) {
    it(`prints nothing with --${option}, while other work prints`, async () => {
      const silent = { json: false, quiet: false, [option]: true };
      const others = written(3);
      await Promise.all([
        withWorkLines(silent, "silent", () => others, INTERVAL_MS),
        withWorkLines({ json: false, quiet: false }, "other", () => others, INTERVAL_MS),
      ]);
      expect(lines.filter((line) => line.startsWith("silent"))).to.deep.equal([]);
    });
  }
});
