import { CID } from "multiformats/cid";

import { contentIdOf, digestOf, type ContentId } from "@commonweight/sdk/protocol/content-id";
import { contentIdInvalid } from "./content-errors.ts";

/**
 * The root's CID.
 *
 * @throws CONTENT_ID_INVALID the text is not the one form of id that this project has
 */
export function parseContentId(id: ContentId): CID {
  if (contentIdOf(digestOf(id)) !== id) throw contentIdInvalid(id);
  return CID.parse(id);
}
