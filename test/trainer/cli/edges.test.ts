import { execFile, spawn } from "node:child_process";
import { closeSync, existsSync, openSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { expect } from "chai";

import { temporaryFolders } from "../../helpers/temporary-folders.ts";

const PROGRAM = fileURLToPath(new URL("../../../trainer/bin/commonweight.mjs", import.meta.url));
const DIGITS = fileURLToPath(new URL("../../../experiments/data/digits", import.meta.url));
const MISTYPED = "0x70997970C51812dc3A010C7d01b50e0d17dc79c8";
/** A content store on its own: packing data needs neither a chain nor a key. */
const PACK = ["data", "pack", DIGITS] as const;

interface Run {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

describe("commonweight: input at the edge", function () {
  this.timeout(300_000);
  const makeFolder = temporaryFolders();

  /** Runs the program to its end; a run that does not end is killed. */
  function run(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Run> {
    const folder = makeFolder();
    const base = { PATH: process.env.PATH, HOME: process.env.HOME, COMMONWEIGHT_DATA_DIR: join(folder, "data") };
    return new Promise((resolve) => {
      const options = { env: { ...base, ...env }, cwd: folder, timeout: 120_000, killSignal: "SIGKILL" } as const;
      const child = execFile(process.execPath, [PROGRAM, ...args], options, (_error, out, err) =>
        resolve({ status: child.exitCode, out, err }),
      );
    });
  }

  function expectRefusal({ status, err }: Run, code: string, text = ""): void {
    expect(err).to.match(new RegExp(`^error ${code}: `, "m"));
    expect(err).to.contain(text);
    expect(err).not.to.match(/^\s+at /m);
    expect(status).to.equal(1);
  }

  describe("with --json", () => {
    for (const args of [["nosuch"], ["job", "show"], ["job"], ["job", "nosuch"], ["status", "--nosuch"], []]) {
      it(`reports the usage of "${args.join(" ")}" as JSON`, async () => {
        const { status, out, err } = await run(["--json", ...args]);
        expect(JSON.parse(err)).to.include({ error: "USAGE" }).and.to.have.keys("error", "message", "hint");
        expect([status, out]).to.deep.equal([1, ""]);
      });
    }
  });

  it("refuses a mistyped address as one", async () => {
    expectRefusal(await run(["withdraw", "--to", MISTYPED]), "OPTIONS_INVALID", "typing mistake");
    expectRefusal(await run(["faucet", "--account", MISTYPED]), "OPTIONS_INVALID", "typing mistake");
    expectRefusal(await run(["stake", "1", "--token", MISTYPED]), "OPTIONS_INVALID", "typing mistake");
    expectRefusal(await run(["status", "--account", MISTYPED]), "OPTIONS_INVALID", "typing mistake");
  });
  it("refuses a bad address to listen on or to meet others by, before it starts", async () => {
    const own = "/ip4/127.0.0.1/tcp/4001/p2p/QmInvalid";
    expectRefusal(await run([...PACK, "--bootstrap", own]), "CONTENT_BOOTSTRAP_INVALID", own);
    expectRefusal(await run([...PACK, "--listen", "0.0.0.0:4001"]), "CONTENT_LISTEN_INVALID", "0.0.0.0:4001");
  });
  it("refuses a log level that does not exist", async () => {
    const refused = await run(["status"], { COMMONWEIGHT_LOG_LEVEL: "verbose" });
    expectRefusal(refused, "OPTIONS_INVALID", "COMMONWEIGHT_LOG_LEVEL: ");
  });
  it("counts empty variables as unset", async () => {
    const names = ["RPC", "BOOTSTRAP", "LISTEN", "KEY_FILE", "KEYSTORE", "PASSWORD_FILE", "DEPLOYMENT", "LOG_LEVEL"];
    const { status, err } = await run(PACK, Object.fromEntries(names.map((name) => [`COMMONWEIGHT_${name}`, ""])));
    expect(err).to.equal("");
    expect(status).to.equal(0);
  });
  it("keeps its data in a folder of any name", async () => {
    const folder = join(makeFolder(), "data");
    const { status, err } = await run([...PACK, "--data-dir", "file:zz", "--json"]);
    expect([status, err]).to.deep.equal([0, ""]);
    expect((await run([...PACK, "--data-dir", folder])).status).to.equal(0);
    expect(existsSync(join(folder, "reader", "content"))).to.equal(true);
  });
  it("refuses a folder below /proc within seconds", async function () {
    if (!existsSync("/proc/self")) this.skip();
    expectRefusal(await run([...PACK, "--data-dir", "/proc/x"]), "FILE_ENOENT");
  });
  it("never takes another key than the one that is named", async () => {
    const folder = makeFolder();
    const key = join(folder, "k1");
    writeFileSync(key, "11".repeat(32), { mode: 0o600 });
    const env = { COMMONWEIGHT_KEY_FILE: key };
    expectRefusal(await run([...PACK, "--keystore", "mine.json"], env), "KEY_MISSING", "--password-file");
    expectRefusal(await run([...PACK, "--password-file", "pw"], env), "KEY_MISSING", "--keystore");
    expectRefusal(await run([...PACK, "--key-file", key, "--keystore", "a"]), "KEY_AMBIGUOUS");
    expectRefusal(await run([...PACK, "--key-file", "other"], env), "KEY_FILE_MISSING", "other");
  });
  it("creates no key with an empty password", async () => {
    const folder = makeFolder();
    const [keystore, password] = [join(folder, "k.json"), join(folder, "pw")];
    writeFileSync(password, "\ncorrect horse\n", { mode: 0o600 });
    const refused = await run(["init", "--keystore", keystore, "--password-file", password]);
    expectRefusal(refused, "KEY_PASSWORD_EMPTY", "the first line");
    expect(existsSync(keystore)).to.equal(false);
  });
  it("fails where its result cannot be written", async function () {
    if (!existsSync("/dev/full")) this.skip();
    const full = openSync("/dev/full", "w");
    const child = spawn(process.execPath, [PROGRAM, "--version"], { stdio: ["ignore", full, "pipe"] });
    const [status] = (await once(child, "exit")) as [number | null];
    closeSync(full);
    expect(status).to.equal(1);
  });
});
