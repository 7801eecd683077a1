import type { Samples } from "../../model/tensors.ts";
import { loadDataSetFolder } from "../../data/data-set-folder.ts";

/** Loads an operator's private folder, if one is named. */
export async function ownSamples(folder: string | undefined): Promise<{ readonly ownSamples?: Samples }> {
  return folder === undefined ? {} : { ownSamples: (await loadDataSetFolder(folder)).samples };
}
