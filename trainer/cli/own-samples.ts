import type { Samples } from "../engine/port.ts";
import { loadDataSetFolder } from "../ml/data-set-folder.ts";

/** Loads an operator's private folder, if one is named. */
export async function ownSamples(folder: string | undefined): Promise<{ readonly ownSamples?: Samples }> {
  return folder === undefined ? {} : { ownSamples: (await loadDataSetFolder(folder)).samples };
}
