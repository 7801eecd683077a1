import { loadDataSetFolder } from "../../data/folders/data-set-folder.ts";
import type { SourceReport, TableChoices } from "../../data/labelled-data.ts";
import type { Log } from "../../log.ts";
import type { OwnData } from "../../roles/worker/own-data.ts";

/** Reads an operator's private data folder in the job's format, and logs what was understood; none without a folder. */
export function ownDataFrom(folder: string | undefined, table: TableChoices, log: Log): OwnData | undefined {
  if (folder === undefined) return undefined;
  return async (format) => {
    const { samples, report } = await loadDataSetFolder(folder, { ...format, table });
    logReport(log, report);
    return samples;
  };
}

/** Logs what was understood of a data set. */
export function logReport(log: Log, { understood, warnings }: SourceReport): void {
  log.info({ understood }, "the data as understood");
  for (const warning of warnings) log.warn({ warning }, "about the data");
}
