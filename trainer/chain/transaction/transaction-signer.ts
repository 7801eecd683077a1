import type { TransactionRequest } from "ethers";

import type { TypedDataSigner } from "@commonweight/sdk/chain/permit";

/** An ethers `Wallet`, or another signer that needs no provider. */
export interface TransactionSigner extends TypedDataSigner {
  getAddress(): Promise<string>;
  /** Returns the signed transaction's bytes in hexadecimal. */
  signTransaction(transaction: TransactionRequest): Promise<string>;
}
