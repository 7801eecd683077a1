import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

import type { ChildAnswer, ChildRequest } from "./content-child.ts";
import type { PeerOptions } from "./peer.ts";

const CHILD = fileURLToPath(new URL("./content-child.ts", import.meta.url));

type Ask = ChildRequest extends infer R ? (R extends ChildRequest ? Omit<R, "number"> : never) : never;

export interface StartedStore {
  readonly store: ChildStore;
  readonly address: string;
}

/** A Helia store in a child process. */
export class ChildStore {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, (value: string) => void>();
  #last = 0;

  private constructor(child: ChildProcess) {
    this.#child = child;
    child.on("message", (answer: ChildAnswer) => this.#waiting.get(answer.number)?.(answer.value));
  }

  /** Starts the process; resolves with it and its address once it serves. */
  static async start({ folder, bootstrap, fetchTimeoutMs }: Required<PeerOptions>): Promise<StartedStore> {
    const execArgv = ["--disable-warning=ExperimentalWarning"];
    const store = new ChildStore(fork(CHILD, [folder, String(fetchTimeoutMs), ...bootstrap], { execArgv }));
    return { store, address: await new Promise((resolve) => store.#waiting.set(0, resolve)) };
  }

  /** Sends a request to the process and waits for its answer. */
  ask(request: Ask): Promise<string> {
    const number = ++this.#last;
    return new Promise((resolve) => {
      this.#waiting.set(number, resolve);
      this.#child.send({ ...request, number });
    });
  }

  /** Kills the process with SIGKILL if it still runs. */
  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exit = once(this.#child, "exit");
    this.#child.kill("SIGKILL");
    await exit;
  }

  /** Closes the IPC channel and resolves with the exit code; nothing else may keep the process alive. */
  async exit(): Promise<unknown> {
    const exit = once(this.#child, "exit");
    this.#child.disconnect();
    return (await exit)[0];
  }
}
