import { fileURLToPath } from "node:url";

import { expect } from "chai";

import { holdoutSecrets } from "@commonweight/sdk/protocol/holdout-keys";
import { decodeManifest, encodeManifest, type DataSetManifest } from "../../../trainer/data/data-set-manifest.ts";
import { fetchHoldout, fetchShard, publishDataSet, readShard } from "../../../trainer/data/data-set.ts";
import { loadDataSetFolder } from "../../../trainer/data/folders/data-set-folder.ts";
import type { LabelledData } from "../../../trainer/data/labelled-data.ts";
import { planDataSet, selectSamples, type DataPlan } from "../../../trainer/data/split.ts";
import { MemoryStore } from "../../helpers/memory-store.ts";
import { refusalOf } from "../../helpers/refusals.ts";

const DIGITS = fileURLToPath(new URL("../../../experiments/data/digits", import.meta.url));
const { signal } = new AbortController();
const SECRETS = holdoutSecrets(`0x${"5".repeat(64)}`);
const SHARDS = 4;

describe("a sealed holdout", () => {
  let data: LabelledData;
  let plan: DataPlan;
  let store: MemoryStore;
  let manifest: DataSetManifest;

  before(async () => {
    data = await loadDataSetFolder(DIGITS);
    const sealed = { share: 0.2, shards: SHARDS };
    plan = planDataSet(data.samples.labels, { parts: 3, rule: { kind: "iid" }, holdoutShare: 0.1, sealed, seed: "1" });
    store = new MemoryStore();
    manifest = (await publishDataSet(store, { data, plan, secrets: SECRETS }, signal)).manifest;
  });

  const shardAt = (index: number) => manifest.sealed!.shards[index]!;
  const keys = () => SECRETS.keysFor(manifest.sealed!.seal, SHARDS);

  it("has equal shards that share no sample with a part, the public set or one another", () => {
    const count = data.samples.count;
    expect(plan.shards.map(({ length }) => length)).to.deep.equal(
      Array<number>(SHARDS).fill(Math.floor((Math.round(count * 0.3) - Math.round(count * 0.1)) / SHARDS)),
    );
    const everywhere = [...plan.parts, plan.holdout, ...plan.shards].flatMap((indices) => [...indices]);
    expect(new Set(everywhere).size).to.equal(everywhere.length);
  });

  it("is read with the key of the shard, which the account derives again from the manifest alone", async () => {
    const read = decodeManifest(encodeManifest(manifest));
    for (const [index, key] of keys().entries()) {
      const bytes = await fetchShard(store, read.sealed!.shards[index]!, signal);
      const samples = readShard(read, shardAt(index), bytes, key);
      expect(samples).to.deep.equal(selectSamples(data.samples, plan.shards[index]!));
    }
    expect((await fetchHoldout(store, read, signal)).count).to.equal(plan.holdout.length);
  });

  it("shows nothing of its samples: no ciphertext has the bytes of a slice", async () => {
    const bytes = await fetchShard(store, shardAt(0), signal);
    expect(Buffer.from(bytes).includes("CWDS")).to.equal(false);
    const zeros = Buffer.from(bytes).filter((byte) => byte === 0).length;
    // Digits are mostly zeros; of a ciphertext's bytes only 1 in 256 is zero.
    expect(zeros).to.be.below(bytes.length / 100);
  });

  it("cannot be opened with another shard's or account's key, or if its bytes have changed", async () => {
    const bytes = await fetchShard(store, shardAt(0), signal);
    const strangers = holdoutSecrets(`0x${"6".repeat(64)}`).keysFor(manifest.sealed!.seal, SHARDS);
    const changed = bytes.map((byte, at) => (at === 40 ? byte ^ 1 : byte));
    for (const [given, key] of [
      [bytes, keys()[1]!],
      [bytes, strangers[0]!],
      [changed, keys()[0]!],
      [bytes.subarray(0, 10), keys()[0]!],
    ] as const) {
      expect(await refusalOf(async () => readShard(manifest, shardAt(0), given, key))).to.equal("DATASET_SHARD_SEALED");
    }
  });

  it("has the same content ids whenever the same account packs it, and others for another", async () => {
    const again = await publishDataSet(new MemoryStore(), { data, plan, secrets: SECRETS }, signal);
    expect(again.manifest).to.deep.equal(manifest);
    const others = holdoutSecrets(`0x${"6".repeat(64)}`);
    expect(
      (await publishDataSet(new MemoryStore(), { data, plan, secrets: others }, signal)).manifest,
    ).not.to.deep.equal(manifest);
  });

  it("is refused where its sizes contradict each other, and where there is nothing to seal", async () => {
    const shards = manifest.sealed!.shards.map((shard) => ({ ...shard, bytes: shard.bytes - 1 }));
    const forged = { ...manifest, sealed: { ...manifest.sealed!, shards } };
    expect(await refusalOf(async () => decodeManifest(encodeManifest(forged)))).to.equal(
      "DATASET_MANIFEST_INCONSISTENT",
    );
    const sealed = { share: 0.01, shards: 1_000 };
    expect(
      await refusalOf(async () =>
        planDataSet(data.samples.labels, { parts: 3, rule: { kind: "iid" }, holdoutShare: 0.1, sealed, seed: "1" }),
      ),
    ).to.equal("PARTITION_EMPTY_SHARD");
  });
});
