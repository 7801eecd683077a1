import * as dagPb from "@ipld/dag-pb";
import { UnixFS } from "ipfs-unixfs";
import type { CID } from "multiformats/cid";

import type { ContentId } from "@commonweight/sdk/protocol/content-id";
import { contentCorrupt, contentTooLarge } from "./content-errors.ts";
import { CHUNK_BYTES, contentIdOfBytes, MAX_DEPTH, MAX_LINKS, MAX_NODE_BYTES } from "./unixfs-profile.ts";

const RAW = 0x55;
const SHA2_256 = 0x12;

/** Returns the verified bytes of one block, local or from a peer. */
export type ReadBlock = (cid: CID) => Promise<Uint8Array>;

interface Child {
  readonly cid: CID;
  /** File bytes below the child, as its parent declares them. */
  readonly bytes: number;
}

interface Leaf extends Child {
  readonly offset: number;
}

/**
 * Reads a UnixFS file of this project's profile, block by block.
 *
 * The root's declared size determines the shape of the DAG, so a hostile DAG is refused at the first block that
 * deviates: the size is checked against `maxBytes` before anything else is read, every child must have exactly the size
 * that its parent declares, only the last leaf may be short, and no leaf is deeper than {@link MAX_DEPTH}. At most
 * `parallel` leaves are in memory beside the result. Finally the bytes are imported again and must have the requested
 * id, so that no bytes have two ids.
 *
 * @throws CONTENT_TOO_LARGE, CONTENT_CORRUPT, and errors of `read`.
 */
export async function readDag(root: CID, maxBytes: number, parallel: number, read: ReadBlock): Promise<Uint8Array> {
  const id = root.toString();
  const size = fileSize(id, parseNode(id, await read(root)).unixfs);
  if (size > maxBytes) throw contentTooLarge(id, maxBytes);

  const leaves = await findLeaves(id, { cid: root, bytes: size }, read);
  const bytes = new Uint8Array(size);
  await forEachParallel(leaves, parallel, async (leaf) => {
    const block = await read(leaf.cid);
    if (block.length !== leaf.bytes) throw contentCorrupt(id, "a leaf does not have the size that its parent declares");
    bytes.set(block, leaf.offset);
  });

  if ((await contentIdOfBytes(bytes)) !== id) throw contentCorrupt(id, "it does not have this project's profile");
  return bytes;
}

// Level by level: either all children are leaves, or all are inner nodes, as in every balanced DAG.
async function findLeaves(id: ContentId, root: Child, read: ReadBlock): Promise<readonly Leaf[]> {
  let level: readonly Child[] = [root];
  for (let depth = 1; depth <= MAX_DEPTH; depth++) {
    level = await expand(id, level, read);
    if (level.every(({ cid }) => cid.code === RAW)) return placeLeaves(id, level, root.bytes);
    if (level.some(({ cid }) => cid.code === RAW)) throw contentCorrupt(id, "its leaves are at different depths");
  }
  throw contentCorrupt(id, `it is deeper than ${MAX_DEPTH} levels`);
}

// Every child but the last covers at least one whole chunk, so a level never has more children than the file has
// chunks. The limit also stops DAGs with many nodes without bytes.
async function expand(id: ContentId, level: readonly Child[], read: ReadBlock): Promise<readonly Child[]> {
  const maxChildren = Math.ceil(level.reduce((sum, { bytes }) => sum + bytes, 0) / CHUNK_BYTES);
  const children: Child[] = [];
  for (const node of level) {
    const { links, unixfs } = parseNode(id, await read(node.cid));
    if (fileSize(id, unixfs) !== node.bytes) throw contentCorrupt(id, "a node's size is not what its parent declares");
    children.push(...links.map((cid, index) => ({ cid, bytes: Number(unixfs.blockSizes[index] ?? 0n) })));
    if (children.length > maxChildren) throw contentCorrupt(id, "it has more nodes than its size needs");
  }
  return children;
}

function placeLeaves(id: ContentId, level: readonly Child[], size: number): readonly Leaf[] {
  let offset = 0;
  return level.map((child) => {
    const leaf = { ...child, offset };
    if (child.bytes !== Math.min(CHUNK_BYTES, size - offset)) throw contentCorrupt(id, "a leaf is not one chunk");
    offset += child.bytes;
    return leaf;
  });
}

function parseNode(id: ContentId, block: Uint8Array): { links: readonly CID[]; unixfs: UnixFS } {
  if (block.length > MAX_NODE_BYTES) throw contentCorrupt(id, "an inner node is too large");
  const { links, unixfs } = decodeNode(id, block);
  if (unixfs.type !== "file") throw contentCorrupt(id, "it is not a file");
  if (links.length > MAX_LINKS) throw contentCorrupt(id, "an inner node has too many links");
  if (links.length !== unixfs.blockSizes.length) throw contentCorrupt(id, "the counts of links and sizes differ");
  if (unixfs.data !== undefined && unixfs.data.length > 0) throw contentCorrupt(id, "an inner node carries data");
  if (!links.every(isAllowed)) throw contentCorrupt(id, "a link is neither raw nor dag-pb, or not sha2-256");
  return { links, unixfs };
}

function decodeNode(id: ContentId, block: Uint8Array): { links: readonly CID[]; unixfs: UnixFS } {
  try {
    const node = dagPb.decode(block);
    return { links: node.Links.map(({ Hash }) => Hash), unixfs: UnixFS.unmarshal(node.Data ?? new Uint8Array()) };
  } catch (cause) {
    throw contentCorrupt(id, "a node does not parse as dag-pb with UnixFS", cause);
  }
}

function isAllowed({ version, code, multihash }: CID): boolean {
  const codecAllowed = code === RAW || code === dagPb.code;
  return version === 1 && codecAllowed && multihash.code === SHA2_256 && multihash.digest.length === 32;
}

function fileSize(id: ContentId, unixfs: UnixFS): number {
  const size = unixfs.blockSizes.reduce((sum, bytes) => sum + bytes, 0n);
  if (size > BigInt(Number.MAX_SAFE_INTEGER)) throw contentTooLarge(id, Number.MAX_SAFE_INTEGER);
  return Number(size);
}

async function forEachParallel<T>(items: readonly T[], parallel: number, act: (item: T) => Promise<void>) {
  const rest = items.values();
  let stopped = false;
  const work = async (): Promise<void> => {
    for (const item of rest) {
      if (stopped) return;
      await act(item);
    }
  };
  try {
    await Promise.all(Array.from({ length: parallel }, work));
  } finally {
    stopped = true;
  }
}
