import { z } from "zod";

/** A number on the command line. */
export const numberOption = z
  .string()
  .regex(/^\d{1,12}(\.\d{1,12})?$/, "expected a number")
  .transform(Number);

/** Numbers on the command line, separated by commas or, as in shapes, by x. */
export const numberList = z
  .string()
  .regex(/^\d{1,12}(\.\d{1,12})?([,x]\d{1,12}(\.\d{1,12})?)*$/, "expected numbers, such as 28,28,1")
  .transform((text) => text.split(/[,x]/).map(Number));

/** A round's number on the command line. */
export const roundOption = z
  .string()
  .regex(/^[1-9]\d{0,8}$/, "expected a round's number")
  .transform(Number);
