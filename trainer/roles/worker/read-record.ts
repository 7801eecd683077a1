import type { z } from "zod";

import { CommonweightError } from "@commonweight/sdk/errors";
import type { Journal } from "../../journal/port.ts";

/**
 * Reads a record of the journal and checks its form.
 *
 * @throws JOURNAL_CORRUPT it is not what this program records there
 */
export function readRecord<Schema extends z.ZodType>(
  { journal }: { readonly journal: Journal },
  key: string,
  schema: Schema,
): z.output<Schema> | undefined {
  const value = journal.read(key);
  if (value === undefined) return undefined;
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new CommonweightError(
    "JOURNAL_CORRUPT",
    `the journal's record ${key} is not of this program`,
    "Move the journal away and start again: sealed values are derived from the key, and the rest is computed anew.",
    { cause: result.error },
  );
}
