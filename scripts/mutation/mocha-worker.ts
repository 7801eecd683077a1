// Runs mocha files of the project's copy in this folder, stops at the first failure, and tells which it was.
import { relative } from "node:path";

import Mocha from "mocha";

import { endRun } from "./worker-message.ts";

const mocha = new Mocha({ timeout: 60_000, forbidOnly: true, bail: true, reporter: "min", color: false });
const files = process.argv.slice(2);
for (const file of files) mocha.addFile(file);
await mocha.loadFilesAsync();
const runner = mocha.run();
let passed = 0;
runner.on("pass", () => passed++);
runner.on("fail", (test, error: unknown) => {
  endRun({
    failed: true,
    file: relative(process.cwd(), test.file ?? ""),
    test: test.fullTitle(),
    timeout: error instanceof Error && "code" in error && error.code === "ERR_MOCHA_TIMEOUT",
    error: (error instanceof Error ? error.message : String(error)).slice(0, 300),
  });
});
runner.on("end", () => endRun({ failed: false, passed }));
