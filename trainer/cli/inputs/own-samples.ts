import type { Samples } from "../../model/tensors.ts";
import { loadDataSetFolder } from "../../data/data-set-folder.ts";

/** Loads an operator's private data folder, if one is given. */
export async function ownSamples(folder: string | undefined): Promise<{ readonly ownSamples?: Samples }> {
  return folder === undefined ? {} : { ownSamples: (await loadDataSetFolder(folder)).samples };
}
