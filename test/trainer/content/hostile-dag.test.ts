import * as dagPb from "@ipld/dag-pb";
import { expect } from "chai";
import { UnixFS } from "ipfs-unixfs";
import type { UnixFSType } from "ipfs-unixfs";
import { CID } from "multiformats/cid";
import * as raw from "multiformats/codecs/raw";
import { identity } from "multiformats/hashes/identity";
import { sha256 } from "multiformats/hashes/sha2";

import { readDag } from "../../../trainer/content/dag-reader.ts";
import { CHUNK_BYTES, importFile } from "../../../trainer/content/unixfs-profile.ts";
import { sampleBytes } from "./sample-bytes.ts";

const MAX_BYTES = 50_000_000;

/** Blocks in memory, with a count of reads. */
class Dag {
  readonly #blocks = new Map<string, Uint8Array>();
  reads = 0;

  async put(code: number, bytes: Uint8Array): Promise<CID> {
    const cid = CID.createV1(code, await sha256.digest(bytes));
    this.#blocks.set(cid.toString(), bytes);
    return cid;
  }

  leaf(bytes: Uint8Array): Promise<CID> {
    return this.put(raw.code, bytes);
  }

  node(links: readonly CID[], sizes: readonly number[], unixfs: { type?: UnixFSType; data?: Uint8Array } = {}) {
    const blockSizes = sizes.map((size) => BigInt(size));
    const data = new UnixFS({ type: unixfs.type ?? "file", blockSizes, ...(unixfs.data && { data: unixfs.data }) });
    const node = { Data: data.marshal(), Links: links.map((Hash) => ({ Hash, Name: "", Tsize: 1 })) };
    return this.put(dagPb.code, dagPb.encode(node));
  }

  async codeOf(root: CID, maxBytes = MAX_BYTES): Promise<unknown> {
    try {
      await readDag(root, maxBytes, 4, async (cid) => this.#read(cid));
      return "read";
    } catch (error) {
      return error instanceof Error && "code" in error ? error.code : error;
    }
  }

  #read(cid: CID): Uint8Array {
    this.reads++;
    const bytes = this.#blocks.get(cid.toString());
    if (bytes === undefined) throw new Error(`the reader asked for an unknown block ${cid}`);
    return bytes;
  }
}

describe("DAGs of strangers", () => {
  let dag: Dag;
  beforeEach(() => {
    dag = new Dag();
  });
  const chunk = sampleBytes("chunk", CHUNK_BYTES);

  it("stops at the root when the root declares terabytes", async () => {
    let node = await dag.node(Array(174).fill(await dag.leaf(chunk)), Array(174).fill(CHUNK_BYTES));
    let size = 174 * CHUNK_BYTES;
    for (let level = 0; level < 3; level++, size *= 174)
      node = await dag.node(Array(174).fill(node), Array(174).fill(size));
    expect(await dag.codeOf(node)).to.equal("CONTENT_TOO_LARGE");
    expect(dag.reads).to.equal(1);
  });

  it("stops at the first node that has more than its parent declared", async () => {
    let node = await dag.node(Array(174).fill(await dag.leaf(chunk)), Array(174).fill(CHUNK_BYTES));
    for (let level = 0; level < 3; level++) node = await dag.node(Array(2).fill(node), Array(2).fill(CHUNK_BYTES));
    expect(await dag.codeOf(node)).to.equal("CONTENT_CORRUPT");
    expect(dag.reads).to.be.below(4);
  });

  it("refuses a number beyond what can be counted", async () => {
    const leaf = await dag.leaf(chunk);
    const data = new UnixFS({ type: "file", blockSizes: [2n ** 63n, 2n ** 63n] }).marshal();
    const links = [leaf, leaf].map((Hash) => ({ Hash, Name: "", Tsize: 1 }));
    const root = await dag.put(dagPb.code, dagPb.encode({ Data: data, Links: links }));
    expect(await dag.codeOf(root)).to.equal("CONTENT_TOO_LARGE");
  });

  it("refuses nodes without bytes, of which a small DAG can have endlessly many", async () => {
    let node = await dag.node([], []);
    for (let level = 0; level < 40; level++) node = await dag.node(Array(174).fill(node), Array(174).fill(0));
    const root = await dag.node([node, await dag.leaf(chunk)], [0, CHUNK_BYTES]);
    expect(await dag.codeOf(node)).to.equal("CONTENT_CORRUPT");
    expect(await dag.codeOf(root)).to.equal("CONTENT_CORRUPT");
    expect(dag.reads).to.be.below(5);
  });

  it("refuses more nodes than the declared size needs", async () => {
    const leaf = await dag.leaf(Uint8Array.of(7));
    const ones = await dag.node(Array(174).fill(leaf), Array(174).fill(1));
    const root = await dag.node(Array(174).fill(ones), Array(174).fill(174));
    expect(await dag.codeOf(root)).to.equal("CONTENT_CORRUPT");
    expect(dag.reads).to.be.below(4);
  });

  it("refuses a chain that looks as if it had no end", async () => {
    let node = await dag.node([await dag.leaf(chunk)], [CHUNK_BYTES]);
    for (let level = 0; level < 1_000; level++) node = await dag.node([node], [CHUNK_BYTES]);
    expect(await dag.codeOf(node)).to.equal("CONTENT_CORRUPT");
    expect(dag.reads).to.be.below(5);
  });

  it("refuses a leaf that has not the size declared", async () => {
    for (const size of [CHUNK_BYTES - 1, CHUNK_BYTES + 1]) {
      const leaf = await dag.leaf(sampleBytes("leaf", size));
      expect(await dag.codeOf(await dag.node([leaf], [CHUNK_BYTES]))).to.equal("CONTENT_CORRUPT");
    }
  });

  it("refuses leaves at different depths, and chunks of another size", async () => {
    const leaf = await dag.leaf(chunk);
    const inner = await dag.node([leaf], [CHUNK_BYTES]);
    expect(await dag.codeOf(await dag.node([leaf, inner], [CHUNK_BYTES, CHUNK_BYTES]))).to.equal("CONTENT_CORRUPT");
    const halves = [await dag.leaf(chunk.slice(0, 1_000)), await dag.leaf(chunk.slice(1_000))];
    expect(await dag.codeOf(await dag.node(halves, [1_000, CHUNK_BYTES - 1_000]))).to.equal("CONTENT_CORRUPT");
  });

  it("refuses directories and every other kind of UnixFS", async () => {
    const leaf = await dag.leaf(chunk);
    const types: readonly UnixFSType[] = ["directory", "raw", "symlink", "metadata", "hamt-sharded-directory"];
    for (const type of types) {
      const sizes = type === "directory" || type === "hamt-sharded-directory" ? [] : [CHUNK_BYTES];
      const root = await dag.node(sizes.length > 0 ? [leaf] : [], sizes, { type });
      expect(await dag.codeOf(root), type).to.equal("CONTENT_CORRUPT");
    }
  });

  it("refuses what does not parse", async () => {
    const root = await dag.put(dagPb.code, sampleBytes("noise", 500));
    const empty = await dag.put(dagPb.code, dagPb.encode({ Links: [] }));
    const large = await dag.put(dagPb.code, sampleBytes("large", 1_000_000));
    for (const cid of [root, empty, large]) expect(await dag.codeOf(cid)).to.equal("CONTENT_CORRUPT");
  });

  it("refuses links by identity hash, other codecs and version 0 without reading them", async () => {
    const digest = await sha256.digest(chunk);
    const links = [
      CID.createV1(raw.code, identity.digest(Uint8Array.of(1, 2, 3))),
      CID.createV1(0x71, digest),
      CID.createV0(digest),
    ];
    for (const link of links) {
      expect(await dag.codeOf(await dag.node([link], [CHUNK_BYTES]))).to.equal("CONTENT_CORRUPT");
    }
    expect(dag.reads).to.equal(links.length);
  });

  it("refuses inline data beside links, and a leaf folded into its root", async () => {
    const leaf = await dag.leaf(chunk);
    expect(await dag.codeOf(await dag.node([leaf], [CHUNK_BYTES], { data: chunk.slice(0, 9) }))).to.equal(
      "CONTENT_CORRUPT",
    );
    expect(await dag.codeOf(await dag.node([], [], { data: chunk.slice(0, 9) }))).to.equal("CONTENT_CORRUPT");
  });

  it("refuses a second id for the same bytes", async () => {
    const { root, blocks } = await importFile(chunk);
    for (const { cid, bytes } of blocks) await dag.put(cid.code, bytes);
    expect(await dag.codeOf(root)).to.equal("read");
    const leaf = await dag.leaf(chunk);
    const data = new UnixFS({ type: "file", blockSizes: [BigInt(CHUNK_BYTES)], mode: 0o777 }).marshal();
    const twin = await dag.put(
      dagPb.code,
      dagPb.encode({ Data: data, Links: [{ Hash: leaf, Name: "twin", Tsize: 5 }] }),
    );
    expect(await dag.codeOf(twin)).to.equal("CONTENT_CORRUPT");
  });
});
