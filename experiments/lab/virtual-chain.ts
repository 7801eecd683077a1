import { getAddress, type Interface, type Result } from "ethers";
import { network } from "hardhat";

/** One transaction. */
export interface Call {
  readonly from: string;
  readonly to: string;
  readonly data: string;
}

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

/** Gas that any transaction here may use. */
const GAS = "0x7a1200";
/** Said beforehand, for nobody to look them up. Half full blocks and less never raise the fee above this. */
const FEES = { gas: GAS, maxFeePerGas: "0x3b9aca00", maxPriorityFeePerGas: "0x1" };
const MNEMONIC = "test test test test test test test test test test test junk";
const START = "2030-01-01T00:00:00Z";

/** A chain in this process whose clock the experiment moves: one block for each phase, whoever acts in it. */
export class VirtualChain {
  readonly accounts: readonly string[];
  readonly #connection: Connection;
  readonly #provider: Connection["provider"];
  /** Gas that each account used since the last snapshot. */
  readonly #gas = new Map<string, bigint>();
  #interfaces: readonly Interface[] = [];
  #now = 0;
  #snapshot = "";

  private constructor(connection: Connection, accounts: readonly string[]) {
    this.#connection = connection;
    this.#provider = connection.provider;
    this.accounts = accounts;
  }

  static async open(accounts: number): Promise<VirtualChain> {
    const connection = await connect(accounts);
    const addresses = (await connection.provider.request({ method: "eth_accounts" })) as string[];
    return new VirtualChain(connection, addresses.map(getAddress));
  }

  /** Time of the latest block, in seconds. */
  get now(): number {
    return this.#now;
  }

  gasOf(account: string): bigint {
    return this.#gas.get(account.toLowerCase()) ?? 0n;
  }

  /** Events are decoded by these. */
  decodeWith(interfaces: readonly Interface[]): void {
    this.#interfaces = interfaces;
  }

  /** Every transaction gets a block of its own until `batched`: for setting things up. */
  get signers(): ReturnType<Connection["ethers"]["getSigners"]> {
    return this.#connection.ethers.getSigners();
  }

  /** From here on blocks hold what `block` is given. */
  async batched(): Promise<void> {
    await this.#provider.request({ method: "evm_setAutomine", params: [false] });
    this.#now = await this.#latestTime();
  }

  /**
   * Mines the calls in one block, at `time` or a second after the latest one, in their order.
   *
   * @returns all events, in order
   * @throws where one of the calls is refused: agents send only what they may
   */
  async block(calls: readonly Call[], time = this.#now + 1): Promise<readonly ChainEvent[]> {
    const hashes: string[] = [];
    for (const call of calls) hashes.push(await this.#send(call));
    await this.#mine(time);
    const events: ChainEvent[] = [];
    for (const [index, hash] of hashes.entries()) {
      const receipt = await this.#receipt(hash);
      const call = calls[index]!;
      if (receipt.status !== "0x1") await this.#explain(call);
      const from = call.from.toLowerCase();
      this.#gas.set(from, this.gasOf(from) + BigInt(receipt.gasUsed));
      for (const log of receipt.logs) events.push(...this.#decoded(log));
    }
    return events;
  }

  async view(to: string, coder: Interface, name: string, values: readonly unknown[]): Promise<Result> {
    const data = coder.encodeFunctionData(name, values);
    const answer = (await this.#provider.request({ method: "eth_call", params: [{ to, data }, "latest"] })) as string;
    return coder.decodeFunctionResult(name, answer);
  }

  /** Keeps the present state; `restore` comes back to it, as often as one likes. */
  async keep(): Promise<void> {
    this.#snapshot = (await this.#provider.request({ method: "evm_snapshot" })) as string;
  }

  async restore(): Promise<void> {
    await this.#provider.request({ method: "evm_revert", params: [this.#snapshot] });
    await this.keep();
    this.#now = await this.#latestTime();
    this.#gas.clear();
  }

  async #send(call: Partial<Call>): Promise<string> {
    return (await this.#provider.request({ method: "eth_sendTransaction", params: [{ ...call, ...FEES }] })) as string;
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

  /** Sends a refused call once more as a question, for the reason. */
  async #explain({ from, to, data }: Call): Promise<never> {
    await this.#provider.request({ method: "eth_call", params: [{ from, to, data, gas: GAS }, "latest"] });
    throw new Error(`a call of ${from} was refused, and would not be now`);
  }

  #decoded(log: Receipt["logs"][number]): ChainEvent[] {
    for (const coder of this.#interfaces) {
      const event = coder.parseLog({ topics: [...log.topics], data: log.data });
      if (event !== null) return [{ name: event.name, args: event.args }];
    }
    return [];
  }

  async #latestTime(): Promise<number> {
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
