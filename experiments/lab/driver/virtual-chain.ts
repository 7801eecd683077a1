import { EventFragment, type Interface, type Result } from "ethers";
import { network } from "hardhat";

import type { Call } from "./job-calls.ts";
import type { JobChain } from "./job-driver.ts";

/** A decoded event. */
export interface ChainEvent {
  readonly name: string;
  readonly args: Result;
}

type Connection = Awaited<ReturnType<typeof connect>>;

interface Receipt {
  readonly status: string;
  readonly gasUsed: string;
  readonly logs: readonly { readonly topics: readonly string[]; readonly data: string }[];
}

/** Gas limit of every transaction. */
const GAS = "0x7a1200";
/** Fixed, so that no call has to be estimated. Blocks at most half full never raise the base fee above this. */
const FEES = { gas: GAS, maxFeePerGas: "0x3b9aca00", maxPriorityFeePerGas: "0x1" };
const MNEMONIC = "test test test test test test test test test test test junk";
const START = "2030-01-01T00:00:00Z";

interface EventCoder {
  readonly coder: Interface;
  readonly event: EventFragment;
}

interface Pending {
  readonly call: Call;
  readonly hash: string;
}

/** An in-process chain whose clock the experiment controls; one block per phase. */
export class VirtualChain implements JobChain<void> {
  readonly #connection: Connection;
  readonly #provider: Connection["provider"];
  /** Gas that each account used since the last snapshot. */
  readonly #gas = new Map<string, bigint>();
  /** Transactions sent since the latest block. */
  readonly #pending: Pending[] = [];
  /** Event decoders by topic hash. */
  #coders: ReadonlyMap<string, EventCoder> = new Map();
  #chainId: bigint | undefined;
  #now = 0;
  #snapshot = "";

  private constructor(connection: Connection) {
    this.#connection = connection;
    this.#provider = connection.provider;
  }

  static async open(accounts: number): Promise<VirtualChain> {
    return new VirtualChain(await connect(accounts));
  }

  /** Time of the latest block, in seconds. */
  get now(): number {
    return this.#now;
  }

  get provider(): Connection["ethers"]["provider"] {
    return this.#connection.ethers.provider;
  }

  latestTime(): Promise<number> {
    return Promise.resolve(this.#now);
  }

  async chainId(): Promise<bigint> {
    this.#chainId ??= (await this.provider.getNetwork()).chainId;
    return this.#chainId;
  }

  gasOf(account: string): bigint {
    return this.#gas.get(account.toLowerCase()) ?? 0n;
  }

  /** Sets the interfaces that decode events. */
  decodeWith(interfaces: readonly Interface[]): void {
    this.#coders = new Map(
      interfaces.flatMap((coder) =>
        coder.fragments
          .filter((fragment) => fragment instanceof EventFragment)
          .map((event) => [event.topicHash, { coder, event }] as const),
      ),
    );
  }

  /** Signers for the setup: until `batched` is called, every transaction is mined in its own block. */
  get signers(): ReturnType<Connection["ethers"]["getSigners"]> {
    return this.#connection.ethers.getSigners();
  }

  /** Turns off automining: from now on, transactions wait for the next call of `block`. */
  async batched(): Promise<void> {
    await this.#provider.request({ method: "evm_setAutomine", params: [false] });
    this.#now = await this.#timeOfBlock();
  }

  /** Puts a transaction into the next block. */
  async send(call: Call): Promise<void> {
    const request = { method: "eth_sendTransaction", params: [{ ...call, ...FEES }] };
    this.#pending.push({ call, hash: (await this.#provider.request(request)) as string });
  }

  /**
   * Mines all pending transactions in one block, in the order of sending.
   *
   * @param time block time; default one second after the latest block
   * @returns all events, in order
   * @throws if a transaction reverts: agents only send valid calls
   */
  async block(time = this.#now + 1): Promise<readonly ChainEvent[]> {
    await this.#mine(time);
    const events: ChainEvent[] = [];
    for (const { call, hash } of this.#pending.splice(0)) {
      const receipt = await this.#receipt(hash);
      if (receipt.status !== "0x1") await this.#explain(call);
      const from = call.from.toLowerCase();
      this.#gas.set(from, this.gasOf(from) + BigInt(receipt.gasUsed));
      for (const log of receipt.logs) events.push(...this.#decoded(log));
    }
    return events;
  }

  /** Mines an empty block; pending transactions must be mined with `block`, which returns their events. */
  async mineAt(time: number): Promise<void> {
    if (this.#pending.length > 0) throw new Error("transactions are pending: mine them with block()");
    await this.#mine(time);
  }

  /** Takes a snapshot of the present state, to which `restore` returns any number of times. */
  async keep(): Promise<void> {
    this.#snapshot = (await this.#provider.request({ method: "evm_snapshot" })) as string;
  }

  async restore(): Promise<void> {
    await this.#provider.request({ method: "evm_revert", params: [this.#snapshot] });
    await this.keep();
    this.#now = await this.#timeOfBlock();
    this.#gas.clear();
    this.#pending.length = 0;
  }

  async #mine(time: number): Promise<void> {
    await this.#provider.request({ method: "evm_mine", params: [time] });
    this.#now = time;
  }

  async #receipt(hash: string): Promise<Receipt> {
    const params = [hash];
    const receipt = (await this.#provider.request({ method: "eth_getTransactionReceipt", params })) as Receipt | null;
    if (receipt === null) throw new Error("a transaction did not fit into its block");
    return receipt;
  }

  /** Replays a reverted transaction with `eth_call` to get its revert reason. */
  async #explain({ from, to, data }: Call): Promise<never> {
    await this.#provider.request({ method: "eth_call", params: [{ from, to, data, gas: GAS }, "latest"] });
    throw new Error(`a call from ${from} reverted, but its replay after the block succeeds`);
  }

  #decoded({ topics, data }: Receipt["logs"][number]): ChainEvent[] {
    const known = this.#coders.get(topics[0] ?? "");
    if (known === undefined) return [];
    const { coder, event } = known;
    return [{ name: event.name, args: coder.decodeEventLog(event, data, topics) }];
  }

  async #timeOfBlock(): Promise<number> {
    const request = { method: "eth_getBlockByNumber", params: ["latest", false] };
    const { timestamp } = (await this.#provider.request(request)) as { timestamp: string };
    return Number(timestamp);
  }
}

function connect(accounts: number) {
  return network.connect({
    network: "default",
    override: {
      accounts: { mnemonic: MNEMONIC, count: accounts, accountsBalance: 10n ** 27n },
      blockGasLimit: 4_000_000_000n,
      initialDate: START,
      mining: { auto: true, mempool: { order: "fifo" } },
    },
  });
}

/** The events of one name. */
export function eventsOf(events: readonly ChainEvent[], name: string): readonly ChainEvent[] {
  return events.filter((event) => event.name === name);
}
