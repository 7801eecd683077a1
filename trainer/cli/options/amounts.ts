import { getAddress } from "ethers";

import { addressText, tokenText } from "@commonweight/sdk/address";

/** Token option: `native` or an address. */
export const tokenOption = tokenText.default("native");

/** Account address option, with the checksum of EIP-55. */
export const addressOption = addressText.transform((text) => getAddress(text));
