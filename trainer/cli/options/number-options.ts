import { z } from "zod";

/** Non-negative number option. */
export const numberOption = z
  .string()
  .regex(/^\d{1,12}(\.\d{1,12})?$/, "expected a number")
  .transform(Number);

/** Option with a list of numbers, separated by commas or, in shapes, by `x`. */
export const numberList = z
  .string()
  .regex(/^\d{1,12}(\.\d{1,12})?([,x]\d{1,12}(\.\d{1,12})?)*$/, "expected numbers, such as 28,28,1")
  .transform((text) => text.split(/[,x]/).map(Number));

/** Round number option, 1 or more. */
export const roundOption = z
  .string()
  .regex(/^[1-9]\d{0,8}$/, "expected a round number")
  .transform(Number);
