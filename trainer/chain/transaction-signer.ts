import type { TransactionRequest } from "ethers";

/** What signs: an ethers `Wallet`, or any signer that needs no provider. */
export interface TransactionSigner {
  getAddress(): Promise<string>;
  /** Gives the signed transaction's bytes in hexadecimal. */
  signTransaction(transaction: TransactionRequest): Promise<string>;
}
