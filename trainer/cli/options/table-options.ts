import type { Command } from "commander";
import { z } from "zod";

import type { TableChoices } from "../../data/labelled-data.ts";

/** Options that say what a CSV file's look does not settle. */
export const tableOptions = {
  label: z.string().optional(),
  header: z.enum(["yes", "no"]).optional(),
  leaveOut: z.string().optional(),
  keepIndex: z.boolean().optional(),
  skipMissing: z.boolean().optional(),
};

type TableOptions = z.infer<z.ZodObject<typeof tableOptions>>;

/** Adds the options of tables to a command that reads one. */
export function addTableOptions(command: Command): Command {
  return command
    .option("--label <column>", "CSV: the label's column, its name or its number from 1")
    .option("--header <yes|no>", "CSV: whether the first line is a header")
    .option("--leave-out <list>", "CSV: columns to leave out, names or numbers, separated by commas")
    .option("--keep-index", "CSV: keep a column that numbers the rows")
    .option("--skip-missing", "CSV: leave out rows with missing values");
}

/** The options as choices; what is not given is left out. */
export function tableChoices({ label, header, leaveOut, keepIndex, skipMissing }: TableOptions): TableChoices {
  return {
    ...(label === undefined ? {} : { label }),
    ...(header === undefined ? {} : { header: header === "yes" }),
    ...(leaveOut === undefined ? {} : { leaveOut: leaveOut.split(",").map((name) => name.trim()) }),
    ...(keepIndex === undefined ? {} : { keepIndex }),
    ...(skipMissing === undefined ? {} : { skipMissing }),
  };
}
