import { execFileSync, spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { expect } from "chai";

import { completionScript, SHELLS, type Place } from "../../../trainer/cli/text/completion-script.ts";
import { temporaryFolders } from "../../helpers/temporary-folders.ts";

const PROGRAM = fileURLToPath(new URL("../../../trainer/bin/commonweight.mjs", import.meta.url));

const PLACES: readonly Place[] = [
  { path: "", words: ["job", "stake", "--json"] },
  { path: "/job", words: ["post", "list"] },
  { path: "/job/post", words: ["--no-serve", "--json"] },
  { path: "/stake", words: ["--token", "--json"] },
];

describe("shell completion", function () {
  this.timeout(180_000);
  const makeFolder = temporaryFolders();

  function written(text: string): string {
    const path = join(makeFolder(), "completion");
    writeFileSync(path, text);
    return path;
  }

  /** What bash offers for the last of the words. */
  function offered(script: string, ...words: readonly string[]): readonly string[] {
    const program = `source "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _commonweight; echo "\${COMPREPLY[@]}"`;
    const out = execFileSync("bash", ["-c", program, script, "commonweight", ...words], { encoding: "utf8" });
    return out.trim().split(" ");
  }

  it("offers commands, their subcommands and their flags in bash", () => {
    const script = written(completionScript("bash", PLACES));
    expect(offered(script, "")).to.deep.equal(["job", "stake", "--json"]);
    expect(offered(script, "j")).to.deep.equal(["job"]);
    expect(offered(script, "job", "p")).to.deep.equal(["post"]);
    expect(offered(script, "--json", "job", "post", "--n")).to.deep.equal(["--no-serve"]);
    expect(offered(script, "job", "nosuch")).to.deep.equal([""]);
  });
  for (const shell of ["zsh", "fish"] as const) {
    it(`is a script that ${shell} can parse`, function () {
      if (spawnSync(shell, ["--version"]).error !== undefined) {
        console.log(`NOT RUN: there is no ${shell}`);
        return this.skip();
      }
      const { status, stderr } = spawnSync(shell, ["-n", written(completionScript(shell, PLACES))]);
      expect([status, String(stderr)]).to.deep.equal([0, ""]);
    });
  }
  it("is printed for each shell, with every command of the program", () => {
    const script = written(execFileSync(process.execPath, [PROGRAM, "completion", "bash"], { encoding: "utf8" }));
    expect(offered(script, "trainer", "")).to.include.members(["run", "leave"]);
    expect(offered(script, "job", "post", "--")).to.include.members(["--no-serve", "--keystore", "--config"]);
    expect(offered(script, "completion", "")).to.include.members([...SHELLS]);
    const { status, stderr } = spawnSync(process.execPath, [PROGRAM, "completion", "cmd"], { encoding: "utf8" });
    expect(status).to.equal(1);
    expect(stderr).to.match(/^error USAGE: .*bash, zsh, fish/);
  });
});
