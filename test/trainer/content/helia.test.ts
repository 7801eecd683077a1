import { openHelia } from "../../../trainer/content/helia.ts";
import { contentContract } from "./content-contract.ts";
import { temporaryFolders } from "./temporary-folders.ts";

describe("Helia", () => {
  const makeFolder = temporaryFolders();
  contentContract("Helia", (bootstrap) => openHelia({ folder: makeFolder(), bootstrap }));
});
