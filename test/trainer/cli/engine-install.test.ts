import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";

import { expect } from "chai";

import { wheelOf } from "../../../trainer/engine/native/library.ts";
import { tfjsNodeFolder } from "../../../trainer/engine/native/location.ts";
import { writeFakeTools, type FakeTools } from "./fake-install-tools.ts";

const PROGRAM = fileURLToPath(new URL("../../../trainer/bin/commonweight.mjs", import.meta.url));
const EVERYTHING: FakeTools = { npm: "works", python3: "works", "g++": "works" };
/** What an operator's shell may hold, and no program of the installation needs. */
const SECRETS = {
  COMMONWEIGHT_PASSWORD_FILE: "/secret/password",
  AWS_SECRET_ACCESS_KEY: "secret",
  NPM_TOKEN: "secret",
  NODE_OPTIONS: "--no-deprecation",
  LD_PRELOAD: "",
};

interface Run {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

interface Call {
  readonly name: string;
  readonly pid: number;
  readonly env: Readonly<Record<string, string>>;
}

/** A machine of fake programs: the real installation runs on it in a child process. */
class Machine {
  readonly engines: string;
  readonly #tools: string;

  constructor(folder: string) {
    this.engines = join(folder, "engines");
    this.#tools = join(folder, "tools");
  }

  async set(tools: FakeTools, ownStep: "works" | "fails" = "fails"): Promise<void> {
    await rm(this.#tools, { recursive: true, force: true });
    await writeFakeTools(this.#tools, tools, ownStep);
  }

  start(): ChildProcess {
    return spawn(process.execPath, [PROGRAM, "engine", "install", "--json"], {
      env: { ...SECRETS, PATH: this.#tools, COMMONWEIGHT_ENGINE_DIR: this.engines, HOME: this.#tools },
      stdio: ["ignore", "pipe", "pipe"],
    });
  }

  async install(): Promise<Run> {
    const child = this.start();
    let [out, err] = ["", ""];
    child.stdout?.on("data", (data) => (out += String(data)));
    child.stderr?.on("data", (data) => (err += String(data)));
    const [status] = (await once(child, "close")) as [number | null];
    return { status, out, err };
  }

  /** Calls of the fake programs since the tools were set. */
  get calls(): readonly Call[] {
    const path = join(this.#tools, "calls");
    if (!existsSync(path)) return [];
    const lines = readFileSync(path, "utf8").trim().split("\n");
    return lines.map((line) => JSON.parse(line) as Call);
  }

  /** What is in the folder of engines. */
  async content(): Promise<readonly string[]> {
    return existsSync(this.engines) ? readdir(this.engines) : [];
  }
}

/** The error that `--json` prints in the last line of standard error. */
function errorOf({ err }: Run): { readonly error: string; readonly message: string; readonly hint: string } {
  return JSON.parse(err.trim().split("\n").at(-1) ?? "") as ReturnType<typeof errorOf>;
}

describe("commonweight engine install", function () {
  this.timeout(60_000);
  let folder: string;
  let machine: Machine;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "commonweight-install-"));
    machine = new Machine(folder);
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const builds = wheelOf() !== undefined;
  const refusals: readonly (readonly [string, FakeTools, string, RegExp])[] = [
    ["npm is missing", {}, "ENGINE_INSTALL_PACKAGES", /npm is not on the PATH/],
    ["the registry does not answer", { npm: "fails" }, "ENGINE_INSTALL_PACKAGES", /npm error code ENOTFOUND/],
    ...(builds
      ? ([
          ["python3 and g++ are missing", { npm: "works" }, "ENGINE_INSTALL_TOOLS", /lacks: python3, g\+\+$/],
          [
            "Python has no pip",
            { ...EVERYTHING, python3: "has no pip" },
            "ENGINE_INSTALL_TOOLS",
            /ENOTFOUND library\.example.*lacks: pip \(python3 -m pip\)$/,
          ],
          [
            "pip finds no library",
            { ...EVERYTHING, python3: "cannot download" },
            "ENGINE_INSTALL_LIBRARY",
            /ERROR: No matching distribution found/,
          ],
          [
            "it does not compile",
            { ...EVERYTHING, "g++": "fails" },
            "ENGINE_INSTALL_BUILD",
            /compiling tfjs-node failed: x\.cc:1: fatal error: no header/,
          ],
          [
            "what was built does not load",
            { ...EVERYTHING, "g++": "makes rubbish" },
            "ENGINE_INSTALL_LOAD",
            /does not load: .*bad module/,
          ],
        ] as const)
      : ([
          ["there is nothing to build against", { npm: "works" }, "ENGINE_INSTALL_PLATFORM", /cannot be built on/],
        ] as const)),
  ];
  for (const [condition, tools, code, message] of refusals) {
    it(`says ${code} where ${condition}, and leaves nothing behind`, async () => {
      await machine.set(tools);
      const run = await machine.install();
      expect(run.status).to.equal(1);
      expect(errorOf(run).error).to.equal(code);
      expect(errorOf(run).message).to.match(message);
      expect(errorOf(run).hint).to.not.equal("");
      expect(await machine.content()).to.deep.equal([]);
    });
  }

  it("takes what the package's own install step downloads, and finds it in place the second time", async () => {
    await machine.set({ npm: "works" }, "works");
    const first = JSON.parse((await machine.install()).out) as Record<string, unknown>;
    const engine = { folder: tfjsNodeFolder(machine.engines), tfjsNode: "4.22.0", tensorflow: "0.0.0" };
    expect(first).to.deep.equal({ ...engine, how: "download" });
    expect(machine.calls.map(({ name }) => name)).to.deep.equal(["npm"]);
    const second = JSON.parse((await machine.install()).out) as Record<string, unknown>;
    expect(second).to.deep.equal({ ...engine, how: "present" });
    expect(machine.calls).to.have.length(1);
    expect((await machine.content()).map((name) => join(machine.engines, name))).to.deep.equal([engine.folder]);
  });

  (builds ? it : it.skip)("builds where that step fails, and gives its programs what they need only", async () => {
    await machine.set(EVERYTHING);
    const { status, out, err } = await machine.install();
    expect(status).to.equal(0);
    expect(JSON.parse(out)).to.include({ how: "build" });
    expect(err).to.contain("its own install step failed (Error: getaddrinfo ENOTFOUND library.example): building it");
    const names = machine.calls.map(({ name }) => name);
    expect(new Set(names)).to.deep.equal(new Set(["npm", "python3", "g++"]));
    for (const { name, env } of machine.calls) {
      // macOS adds a variable of its own to every process.
      const given = Object.keys(env).filter((key) => !key.startsWith("__CF"));
      expect(given.toSorted(), name).to.deep.equal(["HOME", "PATH"]);
    }
  });

  it("installs again where the engine in place does not load, and clears up after a killed installation", async () => {
    await mkdir(tfjsNodeFolder(machine.engines), { recursive: true });
    await writeFile(join(tfjsNodeFolder(machine.engines), "broken"), "");
    // Process numbers end at 4,194,304.
    await mkdir(join(machine.engines, ".installing-9999999-abc"));
    await machine.set({ npm: "works" }, "works");
    const { status, out, err } = await machine.install();
    expect(status).to.equal(0);
    expect(JSON.parse(out)).to.include({ how: "download" });
    expect(err).to.contain("the installed engine does not load");
    expect(await machine.content()).to.have.length(1);
    expect(existsSync(join(tfjsNodeFolder(machine.engines), "broken"))).to.equal(false);
    expect(existsSync(join(tfjsNodeFolder(machine.engines), "replaced"))).to.equal(false);
  });

  it("leaves nothing behind, and no program running, when it is interrupted", async () => {
    await machine.set({ npm: "hangs" });
    const child = machine.start();
    while (machine.calls.length === 0) await setTimeout(50);
    expect(await machine.content()).to.have.length(1);
    child.kill("SIGINT");
    expect(await once(child, "close")).to.deep.equal([130, null]);
    expect(await machine.content()).to.deep.equal([]);
    const [npm] = machine.calls;
    expect(() => process.kill(npm?.pid ?? 0, 0))
      .to.throw()
      .with.property("code", "ESRCH");
  });
});
