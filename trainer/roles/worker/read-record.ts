import type { z } from "zod";

import { CommonweightError } from "@commonweight/sdk/errors";
import type { Journal } from "../../journal/port.ts";

/**
 * Reads and validates a record of the journal.
 *
 * @throws JOURNAL_CORRUPT the record does not match the schema
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
    `the journal's record ${key} is not valid`,
    "Move the journal away and start again: salts derive from the key, and the rest is computed again.",
    { cause: result.error },
  );
}
