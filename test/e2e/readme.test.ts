import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, delimiter, join } from "node:path";
import { createInterface } from "node:readline";

import { expect } from "chai";

import { freshCopy } from "../helpers/fresh-copy.ts";
import { findNode } from "../helpers/packages/node-version.ts";
import { readmeJobFile, readmeText, RUN_BY_TEST, type ReadmeCommand } from "../helpers/readme-commands.ts";

const MINUTE_MS = 60_000;
/** Validators besides account 1, which trains: two thirds of the seven seats that the README's job has. */
const VALIDATORS = [2, 3, 4, 5, 6];
const DATA = "experiments/data/digits";
/** Node versions that a reader may have; CI tests both. */
const MAJORS = process.env["CI"] === undefined ? [22] : [20, 22];
const PASSWORD = "correct horse battery staple";

interface Run {
  readonly status: number | null;
  readonly output: string;
}

for (const major of MAJORS) {
  describe(`README.md, typed by a reader with Node ${major}`, function () {
    this.timeout(15 * MINUTE_MS);
    runReadme(major);
  });
}

/**
 * Runs the README's commands as a reader types them, with a shell, on a fresh copy of the repository. These differ: the
 * chain has a free port, the job has one round and its models are not served afterwards, each worker gets the
 * initiator's address (`--bootstrap`), words in capitals are filled in.
 */
function runReadme(major: number): void {
  const ran = new Set<ReadmeCommand>();
  const running = new Set<ChildProcess>();
  const environment: Record<string, string> = {};
  /** `undefined` if there is none, and nothing ran. */
  let node: string | undefined;
  let folder: string;
  let chain: ChildProcess;

  before(async function () {
    const found = await findNode(major);
    if (found.kind === "missing") {
      console.log(`NOT RUN: ${found.reason}`);
      return this.skip();
    }
    node = found.path;
    folder = freshCopy();
    const job = readmeJobFile(readmeText()).replace("rounds: 10", "rounds: 1");
    writeFileSync(join(folder, "job.yaml"), `${job}\ntimes: {serving: 0s}\n`);
  });
  after(async () => {
    for (const child of running) {
      const ended = once(child, "exit");
      kill(child, "SIGKILL");
      await ended;
    }
    if (node !== undefined) rmSync(folder, { recursive: true, force: true });
  });

  it("shows the demo's options", async () => {
    expect((await run("npm run demo -- --help")).output).to.contain("--holdout");
  });

  it("starts a chain, and publishes, tries, prices and posts a job", async () => {
    const started = await start("npx commonweight chain", / at (http:\S+):/, "--port 0");
    chain = started.child;
    environment["COMMONWEIGHT_RPC"] = started.match;
    useKey("export COMMONWEIGHT_KEY_FILE=.commonweight/local-keys/account-0");
    expect((await run("npx commonweight data pack FOLDER", "", { FOLDER: DATA })).output).to.contain("manifest");
    await run("npx commonweight job dry-run job.yaml");
    await run("npx commonweight job quote job.yaml");
  });

  it("trains, scores and pays the job by processes of their own", async () => {
    const post = await start("npx commonweight job post job.yaml", /"addresses":\["([^"]+)".*"msg":"job posted"/);
    const watched = run("npx commonweight job watch 1");
    environment["COMMONWEIGHT_BOOTSTRAP"] = post.match;
    useKey("export COMMONWEIGHT_KEY_FILE=.commonweight/local-keys/account-1");
    await run("npx commonweight engine check");
    const trained = run("npx commonweight trainer run --job 1");
    const validated = VALIDATORS.map(async (account) => {
      const key = `--key-file .commonweight/local-keys/account-${account}`;
      await run("npx commonweight stake 5", key);
      await run("npx commonweight validator run --job 1", key);
    });
    await Promise.all([trained, watched, ...validated]);
    if (post.child.exitCode === null) await once(post.child, "exit");
    expect(post.child.exitCode).to.equal(0);
    expect((await watched).output).to.contain("closed");
  });

  it("gives the model to the initiator, and their money to everyone", async () => {
    // The initiator has the files itself; there is nobody to connect to.
    Reflect.deleteProperty(environment, "COMMONWEIGHT_BOOTSTRAP");
    await run("npx commonweight model fetch 1", "--key-file .commonweight/local-keys/account-0");
    expect((await run("npx commonweight explain 1")).output).to.contain("median");
    expect((await run("npx commonweight withdraw")).output).to.contain("withdrawn");
    const key = `--key-file .commonweight/local-keys/account-${VALIDATORS[0]}`;
    expect((await run("npx commonweight status", key)).output).to.contain("stake");
    expect((await run("npx commonweight thaw all", key)).output).to.contain("thaws until");
    expect((await run("npx commonweight withdraw", key)).output).to.contain("withdrawn");
  });

  it("deploys the contracts with a keystore", async () => {
    writeFileSync(join(folder, "password"), `${PASSWORD}\n`, { mode: 0o600 });
    const key = "--keystore key.json --password-file password";
    await shell(`npx commonweight init ${key}`);
    await shell(`npx commonweight faucet ${key}`);
    const local = readFileSync(join(folder, "deployments/local.json"), "utf8");
    const { wrappedNative } = JSON.parse(local) as { readonly wrappedNative: string };
    await run(
      "npm run deploy -- --rpc URL --keystore FILE --password-file FILE --wrapped-native ADDRESS",
      "--network readme",
      {
        URL: environment["COMMONWEIGHT_RPC"] ?? "",
        "--keystore FILE": "--keystore key.json",
        "--password-file FILE": "--password-file password",
        ADDRESS: wrappedNative,
      },
    );
    expect(existsSync(join(folder, "deployments/readme.json"))).to.equal(true);
  });

  it("ends the chain by an interrupt, and has run every command", async () => {
    const ended = once(chain, "exit");
    kill(chain, "SIGINT");
    const [status, signal] = (await ended) as [number | null, NodeJS.Signals | null];
    // The chain's own status is 0 (chain.test.ts), but npx may end by the interrupt before it can hand that on.
    expect(status === 0 || signal === "SIGINT", `${String(status)} ${String(signal)}`).to.equal(true);
    expect(RUN_BY_TEST.filter((command) => !ran.has(command))).to.deep.equal([]);
  });

  function useKey(line: ReadmeCommand & `export ${string}`): void {
    ran.add(line);
    environment["COMMONWEIGHT_KEY_FILE"] = line.slice(line.indexOf("=") + 1);
  }

  /** Runs a command of the README to its end, and asserts its status. */
  function run(command: ReadmeCommand, more = "", words: Readonly<Record<string, string>> = {}): Promise<Run> {
    ran.add(command);
    return shell(`${filledIn(command, words)} ${more}`);
  }

  /** Starts a command of the README, and resolves when its output matches; it goes on. */
  async function start(command: ReadmeCommand, pattern: RegExp, more = "") {
    ran.add(command);
    const child = open(`${command} ${more}`);
    const lines: string[] = [];
    for await (const line of createInterface(child.stdout)) {
      lines.push(line);
      const [, match] = pattern.exec(line) ?? [];
      if (match === undefined) continue;
      child.stdout.resume();
      return { child, match };
    }
    throw new Error(`\`${command}\` ended:\n${lines.join("\n")}`);
  }

  async function shell(line: string): Promise<Run> {
    const child = open(line);
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (text: Buffer) => (output += text.toString()));
    const [status] = (await once(child, "close")) as [number | null];
    expect(status, `\`${line}\`:\n${output}`).to.equal(0);
    return { status, output };
  }

  /** Starts a shell command in a process group of its own, as a terminal does. */
  function open(line: string) {
    const outside = Object.entries(process.env).filter(([name]) => !name.startsWith("COMMONWEIGHT_"));
    const child = spawn("bash", ["-c", line], {
      cwd: folder,
      detached: true,
      env: {
        ...Object.fromEntries(outside),
        ...environment,
        PATH: [dirname(node ?? process.execPath), process.env["PATH"]].join(delimiter),
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    running.add(child);
    child.once("exit", () => running.delete(child));
    child.stderr.resume();
    return child;
  }
}

function filledIn(command: string, words: Readonly<Record<string, string>>): string {
  return Object.entries(words).reduce((text, [word, value]) => text.replace(word, value), command);
}

/** Signals a process group, as a terminal does. */
function kill({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid !== undefined) process.kill(-pid, signal);
}
