import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

import { execa } from "execa";

const START_TIMEOUT_MS = 60_000;

/** A real Kubo daemon in a child process, without peers, on loopback ports. */
export interface KuboDaemon {
  /** Address of its RPC API. */
  readonly url: string;
  /** Ends the process with a signal and waits for it. */
  stop(signal?: "SIGTERM" | "SIGKILL"): Promise<void>;
  /** Starts the stopped daemon again with the same store, peer id and addresses. */
  start(): Promise<void>;
  /** Stops the process in its tracks, so that it hangs, until `thaw`. */
  freeze(): void;
  thaw(): void;
  /** Runs an `ipfs` command beside the daemon and returns its output. */
  ipfs(...commandArguments: readonly string[]): Promise<string>;
  /** Adds a file by the program's own importer with other settings than this project's; returns its id. */
  add(bytes: Uint8Array, ...addOptions: readonly string[]): Promise<string>;
  /** Ends the process and deletes its store. */
  close(): Promise<void>;
}

/** The program that `npm run test:kubo` found. */
export function kuboProgram(): string {
  const program = process.env["COMMONWEIGHT_IPFS"];
  if (program === undefined || program === "") throw new Error("these tests are run by `npm run test:kubo`");
  return program;
}

/** Makes a store and starts a daemon on it. */
export async function startKubo({ pubsub = true }: { readonly pubsub?: boolean } = {}): Promise<KuboDaemon> {
  const program = kuboProgram();
  const folder = await mkdtemp(join(tmpdir(), "commonweight-kubo-"));
  const env = { IPFS_PATH: folder, IPFS_TELEMETRY: "off" };
  const ipfs = async (...commandArguments: readonly string[]) =>
    (await execa(program, commandArguments, { env })).stdout;
  const [port, swarmPort] = [await freePort(), await freePort()];
  await ipfs("init", "--profile=test");
  const configPath = join(folder, "config");
  const settings = JSON.parse(await readFile(configPath, "utf8")) as Record<string, object>;
  const addresses = { API: `/ip4/127.0.0.1/tcp/${port}`, Swarm: [`/ip4/127.0.0.1/tcp/${swarmPort}`] };
  const changes = {
    Addresses: { ...settings["Addresses"], ...addresses },
    Pubsub: { ...settings["Pubsub"], Enabled: pubsub },
    Routing: { ...settings["Routing"], Type: "none" },
  };
  await writeFile(configPath, JSON.stringify({ ...settings, ...changes }));
  let { child } = await startDaemon();

  async function startDaemon() {
    const started = execa(program, ["daemon"], { env, reject: false, buffer: false, killSignal: 9 });
    const late = setTimeout(() => started.kill("SIGKILL"), START_TIMEOUT_MS);
    started.stderr.resume();
    for await (const line of createInterface(started.stdout)) {
      if (!line.includes("Daemon is ready")) continue;
      clearTimeout(late);
      started.stdout.resume();
      // In an object: an async function that returns a process waits for its end.
      return { child: started };
    }
    clearTimeout(late);
    throw new Error("the Kubo daemon ended before it was ready");
  }

  async function stop(signal: "SIGTERM" | "SIGKILL" = "SIGKILL"): Promise<void> {
    child.kill("SIGCONT");
    child.kill(signal);
    await child;
  }

  return {
    url: `http://127.0.0.1:${port}`,
    stop,
    async start() {
      ({ child } = await startDaemon());
    },
    freeze: () => void child.kill("SIGSTOP"),
    thaw: () => void child.kill("SIGCONT"),
    ipfs,
    async add(bytes, ...addOptions) {
      const { stdout } = await execa(program, ["add", "--cid-version=1", "--quieter", ...addOptions], {
        env,
        input: bytes,
      });
      return stdout.trim();
    },
    async close() {
      await stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
