import { readFileSync } from "node:fs";
import { join } from "node:path";

import { expect } from "chai";

import { readSourceTree } from "../../tools/lint/structure/source-tree.ts";
import { ROOT } from "../../tools/programs/run-tool.ts";

/** Folders whose subfolders are rooms too. */
const PARENTS = ["sdk", "trainer", "tools", "experiments", "scripts"];

/** Rooms that the page's table names: `| \`path/\` | ...`. */
function namedRooms(page: string): readonly string[] {
  const [, section = ""] = page.split("\n## The rooms\n");
  const rows = section.split("\n## ")[0]?.matchAll(/^\| *`([^`]+)\/` *\|/gm) ?? [];
  return [...rows].map(([, room = ""]) => room);
}

/** Files that the tables of "Walks through the code" name in their first column. */
function walkedFiles(page: string): readonly string[] {
  const [, section = ""] = page.split("\n## Walks through the code\n");
  const rows = section.split("\n## ")[0]?.matchAll(/^\| *`([^`]+)` *\|/gm) ?? [];
  return [...rows].map(([, file = ""]) => file);
}

/** All folders of a tree with files, at every depth. */
function foldersOf(files: readonly string[]): ReadonlySet<string> {
  return new Set(
    files.flatMap((file) => {
      const steps = file.split("/").slice(0, -1);
      return steps.map((_, depth) => steps.slice(0, depth + 1).join("/"));
    }),
  );
}

/** Whether a folder is a room that the page must name. Folders with a leading dot belong to tools. */
function isRoom(folder: string): boolean {
  const steps = folder.split("/");
  return steps.length === 1 ? !folder.startsWith(".") : steps.length === 2 && PARENTS.includes(steps[0] ?? "");
}

/** Differences between the page and the tree. */
function differences(page: string, files: readonly string[]) {
  const [named, folders] = [namedRooms(page), foldersOf(files)];
  return {
    unnamed: [...folders].filter((folder) => isRoom(folder) && !named.includes(folder)).toSorted(),
    missing: named.filter((room) => !folders.has(room)),
    twice: named.filter((room, at) => named.indexOf(room) !== at),
  };
}

describe("docs/architecture.md", () => {
  const page = readFileSync(join(ROOT, "docs/architecture.md"), "utf8");
  const { files } = readSourceTree(ROOT);
  const none = { unnamed: [], missing: [], twice: [] };

  it("names every room that exists, and no other", () => {
    expect(differences(page, files)).to.deep.equal(none);
  });

  it("walks one job file, one update and one score over files that exist", () => {
    const walked = walkedFiles(page);
    expect(walked).to.have.length.above(30);
    expect(walked.filter((file) => !files.includes(file))).to.deep.equal([]);
  });

  it("would not pass with a walk over a file that is gone", () => {
    const moved = page.replace("| `sdk/protocol/salts.ts`", "| `sdk/salts.ts`");
    expect(walkedFiles(moved).filter((file) => !files.includes(file))).to.deep.equal(["sdk/salts.ts"]);
  });

  it("would not pass with a room more in the tree, at the top or below a package", () => {
    const more = [...files, "dashboard/main.ts", "trainer/gossip/port.ts", "trainer/engine/deeper/than-rooms.ts"];
    expect(differences(page, more)).to.deep.equal({ ...none, unnamed: ["dashboard", "trainer/gossip"] });
  });

  it("would not pass with a room that is gone, or named twice", () => {
    const fewer = files.filter((file) => !file.startsWith("trainer/random/"));
    expect(differences(page, fewer)).to.deep.equal({ ...none, missing: ["trainer/random"] });
    const row = page.match(/^\| *`sdk\/` *\|.*$/m)?.[0] ?? "";
    expect(differences(page.replace(row, `${row}\n${row}`), files)).to.deep.equal({ ...none, twice: ["sdk"] });
  });
});
