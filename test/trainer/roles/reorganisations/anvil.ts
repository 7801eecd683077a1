import { createServer, type AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

import { execa } from "execa";
import { JsonRpcProvider, Network, Transaction, type TransactionResponse } from "ethers";

import { LOCAL_CHAIN_ID } from "@commonweight/sdk/chain/local-chain";

/** A guard against hanging. */
const START_TIMEOUT_MS = 60_000;

/** What a block was mined with, or a branch starts with: signed transactions. */
type Raw = string;

/** A chain whose blocks and reorganisations a test makes. */
export class AnvilChain {
  readonly url: string;
  readonly provider: JsonRpcProvider;
  readonly #stop: () => Promise<void>;

  private constructor(url: string, provider: JsonRpcProvider, stop: () => Promise<void>) {
    this.url = url;
    this.provider = provider;
    this.#stop = stop;
  }

  /** Starts anvil on a free loopback port; it mines every transaction at once until `takeOver`. */
  static async start(program: string): Promise<AnvilChain> {
    const port = await freePort();
    const child = execa(program, ["--port", String(port), "--accounts", "20", "--silent"], {
      ...{ stdin: "ignore", stdout: "ignore", stderr: "inherit", reject: false },
    });
    const url = `http://127.0.0.1:${port}`;
    const network = Network.from(LOCAL_CHAIN_ID);
    const provider = new JsonRpcProvider(url, network, { staticNetwork: network, batchMaxCount: 1, cacheTimeout: -1 });
    const chain = new AnvilChain(url, provider, async () => {
      provider.destroy();
      child.kill();
      await child;
    });
    for (const start = Date.now(); !(await chain.#answers());) {
      if (Date.now() - start > START_TIMEOUT_MS) throw new Error("anvil did not start");
      await sleep(50);
    }
    return chain;
  }

  /** From here on a block comes when `mine` is called, a second of the chain's time after the one before. */
  async takeOver(): Promise<void> {
    await this.provider.send("evm_setAutomine", [false]);
    await this.provider.send("anvil_setBlockTimestampInterval", [1]);
  }

  async mine(): Promise<void> {
    await this.provider.send("evm_mine", []);
  }

  /** How many transactions wait for a block. */
  async waiting(): Promise<number> {
    const { pending } = (await this.provider.send("txpool_status", [])) as { readonly pending: string };
    return Number(pending);
  }

  /** The transactions of a block. */
  async transactionsOf(block: number): Promise<readonly TransactionResponse[]> {
    return (await this.provider.getBlock(block, true))?.prefetchedTransactions ?? [];
  }

  /**
   * Replaces the newest `depth` blocks by as many others, the first of which has `first`. The node forgets the
   * transactions of the blocks that are gone.
   *
   * @returns these transactions
   */
  async reorganise(depth: number, first: readonly Raw[]): Promise<readonly Raw[]> {
    const head = await this.provider.getBlockNumber();
    const orphans: Raw[] = [];
    for (let block = head - depth + 1; block <= head; block++) {
      for (const transaction of await this.transactionsOf(block))
        orphans.push(Transaction.from(transaction).serialized);
    }
    await this.provider.send("anvil_reorg", [depth, first.map((raw) => [raw, 0])]);
    return orphans;
  }

  stop(): Promise<void> {
    return this.#stop();
  }

  async #answers(): Promise<boolean> {
    try {
      await this.provider.getBlockNumber();
      return true;
    } catch {
      return false; // It is asked again.
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
