import { importer } from "ipfs-unixfs-importer";
import { fixedSize } from "ipfs-unixfs-importer/chunker";
import { balanced } from "ipfs-unixfs-importer/layout";
import type { CID } from "multiformats/cid";

import type { ContentId } from "@commonweight/sdk/protocol/content-id";

/** Bytes in every leaf but the last. */
export const CHUNK_BYTES = 262_144;
/** Most children of an inner node. */
export const MAX_LINKS = 174;
/** Most inner nodes above a leaf: 174^3 leaves are 1.3 TB, more than any job allows. */
export const MAX_DEPTH = 3;
/** Largest encoded inner node in bytes: 174 links of about 50 bytes and their sizes, rounded up. */
export const MAX_NODE_BYTES = 32_768;
/**
 * Largest block that a store reads, in bytes, before it is checked: the largest bitswap message. One limit for all
 * stores, so that all of them come to the same verdict on a block that is too large for the profile.
 */
export const MAX_BLOCK_BYTES = 4_194_304;

/** One block of a DAG: its id and the bytes that hash to it. */
export interface Block {
  readonly cid: CID;
  readonly bytes: Uint8Array;
}

/** A file as blocks; the root is the last block, and always dag-pb. */
export interface ImportedFile {
  readonly root: CID;
  readonly blocks: readonly Block[];
}

/**
 * Cuts bytes into the blocks of a UnixFS file with this project's only profile, so that the same bytes have the same id
 * everywhere: fixed chunks of 262,144 bytes, raw leaves, balanced with 174 links, CIDv1, sha2-256, links before data
 * (the canonical dag-pb order, as in Kubo), and a root even above a single leaf.
 */
export async function importFile(bytes: Uint8Array): Promise<ImportedFile> {
  const blocks: Block[] = [];
  const collect = {
    put: (cid: CID, block: Uint8Array): CID => {
      blocks.push({ cid, bytes: block });
      return cid;
    },
  };
  for await (const { cid } of importer([{ content: bytes }], collect, profile())) return { root: cid, blocks };
  throw new Error("the importer returned no root");
}

/** Computes the id of bytes under the profile, without storing them. */
export async function contentIdOfBytes(bytes: Uint8Array): Promise<ContentId> {
  return (await importFile(bytes)).root.toString();
}

// The importer mutates its options object, so each import gets a new one.
function profile() {
  return {
    chunker: fixedSize({ chunkSize: CHUNK_BYTES }),
    layout: balanced({ maxChildrenPerNode: MAX_LINKS }),
    rawLeaves: true,
    leafType: "file",
    reduceSingleLeafToSelf: false,
    cidVersion: 1,
    fieldOrder: "links-first",
    wrapWithDirectory: false,
  } as const;
}
