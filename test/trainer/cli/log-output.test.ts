import { expect } from "chai";

import { LogOutput } from "../../../trainer/cli/wiring/log-output.ts";

/** A file that takes all bytes, a few of them, or fails. */
class File {
  text = "";
  failing: string | undefined;
  atMost = Infinity;

  readonly write = (bytes: Uint8Array): number => {
    if (this.failing !== undefined) throw Object.assign(new Error(`${this.failing}: write`), { code: this.failing });
    const part = bytes.subarray(0, this.atMost);
    this.text += Buffer.from(part).toString("utf8");
    return part.length;
  };
}

describe("a log's output", () => {
  const opened = () => {
    const file = new File();
    const warnings: string[] = [];
    return { file, warnings, output: new LogOutput(file.write, (text) => warnings.push(text)) };
  };

  for (const code of ["ENOSPC", "EPIPE", "EIO", "ESTALE", "EBADF", "EAGAIN"]) {
    it(`goes on after ${code}, with one warning`, () => {
      const { file, warnings, output } = opened();
      file.failing = code;
      for (const line of ["one\n", "two\n", "three\n"]) output.write(line);
      expect(warnings).to.have.lengthOf(1);
      expect(warnings[0]).to.contain(code).and.contain("the work goes on");
    });
  }
  it("says how many lines are missing, once it can be written again", () => {
    const { file, output } = opened();
    file.failing = "ENOSPC";
    output.write("one\n");
    output.write("two\n");
    file.failing = undefined;
    output.write("three\n");
    output.write("four\n");
    expect(file.text).to.equal('{"level":40,"msg":"log lines were dropped","missing":2}\nthree\nfour\n');
  });
  it("writes the rest of a line that was written in part", () => {
    const { file, output } = opened();
    file.atMost = 3;
    output.write("a long line\n");
    expect(file.text).to.equal("a long line\n");
  });
});
