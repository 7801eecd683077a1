import { z } from "zod";

/** A token on the command line. */
export const tokenOption = z
  .string()
  .regex(/^(native|0x[0-9a-fA-F]{40})$/, "expected native or a token's address")
  .default("native");

/** An account on the command line. */
export const addressOption = z.string().regex(/^0x[0-9a-fA-F]{40}$/, "expected an address, 0x and 40 digits");
