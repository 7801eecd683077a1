import { Transaction, type JsonRpcProvider, type TransactionResponse } from "ethers";

import { startAnvil } from "../../../helpers/nodes/anvil.ts";
import { providerOf } from "../../../helpers/nodes/node-process.ts";

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
    const node = await startAnvil(program);
    const provider = providerOf(node);
    return new AnvilChain(node.url, provider, async () => {
      provider.destroy();
      await node.stop();
    });
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
}
