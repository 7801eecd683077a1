import { z } from "zod";

/** Token option: `native` or an address. */
export const tokenOption = z
  .string()
  .regex(/^(native|0x[0-9a-fA-F]{40})$/, "expected native or a token's address")
  .default("native");

/** Account address option. */
export const addressOption = z.string().regex(/^0x[0-9a-fA-F]{40}$/, "expected an address: 0x and 40 hex digits");
