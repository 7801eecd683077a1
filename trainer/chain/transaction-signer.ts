import type { TransactionRequest } from "ethers";

import type { TypedDataSigner } from "@commonweight/sdk/chain/permit";

/** What signs: an ethers `Wallet`, or any signer that needs no provider. */
export interface TransactionSigner extends TypedDataSigner {
  getAddress(): Promise<string>;
  /** Gives the signed transaction's bytes in hexadecimal. */
  signTransaction(transaction: TransactionRequest): Promise<string>;
}
