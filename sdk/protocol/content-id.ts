import { getBytes, hexlify, isHexString } from "ethers";
import { CID } from "multiformats/cid";
import * as Digest from "multiformats/hashes/digest";

import { CommonweightError } from "../errors.ts";

const DAG_PB = 0x70;
const SHA2_256 = 0x12;
const DIGEST_BYTES = 32;

/**
 * A content id as a string: CIDv1, dag-pb root of a UnixFS file, sha2-256, base32.
 *
 * All machines use one import profile (`trainer/content`), so the same bytes have the same id, and the chain stores
 * only the 32-byte digest.
 */
export type ContentId = string;

/** The 32 bytes of a content id's sha2-256 digest, as `0x` and 64 hexadecimal digits; stored on chain. */
export type ContentDigest = string;

/** Returns the content id with the given digest. */
export function contentIdOf(digest: ContentDigest): ContentId {
  if (!isHexString(digest, DIGEST_BYTES)) throw invalid(digest);
  return CID.createV1(DAG_PB, Digest.create(SHA2_256, getBytes(digest))).toString();
}

/** Returns the digest of an untrusted content id; refuses every form but CIDv1, dag-pb, sha2-256. */
export function digestOf(contentId: ContentId): ContentDigest {
  let cid: CID;
  try {
    cid = CID.parse(contentId);
  } catch (cause) {
    throw invalid(contentId, cause);
  }
  if (cid.version !== 1 || cid.code !== DAG_PB || cid.multihash.code !== SHA2_256) throw invalid(contentId);
  return hexlify(cid.multihash.digest);
}

function invalid(value: string, cause?: unknown): CommonweightError {
  return new CommonweightError(
    "CONTENT_ID_INVALID",
    `not a content id of this project: ${value.slice(0, 100)}`,
    "Use a CIDv1 with the dag-pb codec and sha2-256, as `commonweight data pack` prints it.",
    { cause },
  );
}
