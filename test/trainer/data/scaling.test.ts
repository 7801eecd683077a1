import { expect } from "chai";

import { decodeManifest, encodeManifest } from "../../../trainer/data/data-set-manifest.ts";
import { fetchHoldout, fetchPart, fetchShard, publishDataSet, readShard } from "../../../trainer/data/data-set.ts";
import { scaleData, type DataOptions } from "../../../trainer/data/labelled-data.ts";
import { planDataSet, selectSamples } from "../../../trainer/data/split.ts";
import { parseTable } from "../../../trainer/data/tables/parse-table.ts";
import { MemoryStore } from "../../helpers/memory-store.ts";
import { refusalOf, utf8 } from "../../helpers/refusals.ts";
import { holdoutSecrets } from "@commonweight/sdk/protocol/holdout-keys";

const { signal } = new AbortController();
const SECRETS = holdoutSecrets(`0x${"5".repeat(64)}`);
const tableOf = (text: string, options: DataOptions = {}) => parseTable({ name: "a.csv", bytes: utf8(text) }, options);

/** Rows whose first column grows, so that every split of them has another mean. */
const ROWS = {
  fractions: Array.from({ length: 200 }, (_, row) => `${(row * row) / 7},${0.1 * (row % 9)},${row % 3}`).join("\n"),
  bytes: Array.from({ length: 200 }, (_, row) => `${(row * row) % 256},${row % 9},${row % 3}`).join("\n"),
};

describe("the scaling of a table", () => {
  it("subtracts each column's mean and divides by its deviation; a constant column becomes 0", () => {
    const raw = tableOf("1,5,10,0\n3,5,20,1\n5,5,60,0\n");
    const { samples, scaling } = scaleData(raw, undefined);
    const scale = (numbers: readonly number[], mean: number) =>
      Math.sqrt(numbers.reduce((sum, one) => sum + (one - mean) ** 2, 0) / numbers.length);
    const scales = [scale([1, 3, 5], 3), 1, scale([10, 20, 60], 30)];
    expect(scaling).to.deep.equal({ kind: "columns", means: [3, 5, 30], scales });
    const expected = [1, 5, 10, 3, 5, 20, 5, 5, 60].map((value, at) =>
      Math.fround((value - [3, 5, 30][at % 3]!) / scales[at % 3]!),
    );
    expect([...samples.features]).to.deep.equal(expected);
  });

  it("leaves values as they are if told so", () => {
    const { samples, scaling } = scaleData(tableOf("1,-5,0\n3,7.5,1\n"), "none");
    expect(scaling).to.deep.equal({ kind: "divisor", divisor: 1 });
    expect([...samples.features]).to.deep.equal([1, -5, 3, 7.5]);
  });

  it("divides tables of pictures by one number unless told otherwise", () => {
    const options = { shape: [1, 2, 1] } as const;
    expect(scaleData(tableOf("0,8,0\n16,4,1\n", options), undefined).scaling).to.deep.equal({
      kind: "divisor",
      divisor: 16,
    });
    expect(scaleData(tableOf("0,8,0\n16,4,1\n", options), "columns").scaling.kind).to.equal("columns");
  });

  it("is not moved by rounding of a constant column", () => {
    const rows = Array.from({ length: 1_000 }, (_, row) => `0.1,${row},${row % 2}`).join("\n");
    const { samples, scaling } = scaleData(tableOf(rows, { table: { keepIndex: true } }), undefined);
    expect(scaling.kind === "columns" && scaling.scales[0]).to.equal(1);
    expect(samples.features[0]).to.equal(0);
  });

  it("refuses a table without variation, too many columns, and values that leave float32", async () => {
    expect(await refusalOf(() => scaleData(tableOf("1,2,0\n1,2,1\n"), undefined))).to.equal("DATASET_SCALE");
    expect(await refusalOf(() => scaleData(tableOf("1e38,0\n-1e38,1\n"), undefined))).to.equal("DATASET_SCALE");
    const wide = `${"1,".repeat(8_193)}0\n${"2,".repeat(8_193)}1\n`;
    expect(await refusalOf(() => scaleData(tableOf(wide), undefined))).to.equal("DATASET_SCALE");
    expect(scaleData(tableOf(wide), "none").samples.count).to.equal(2);
    const agreed = { kind: "columns", means: [0], scales: [1e-30] } as const;
    const own = tableOf("1e30,0\n2,1\n");
    const attempt = () => scaleData(own, { ...agreed, means: [...agreed.means], scales: [...agreed.scales] });
    expect(attempt).to.throw("a.csv, line 1, column 1");
    expect(await refusalOf(attempt)).to.equal("DATASET_SCALE");
    const other = tableOf("1,2,0\n2,3,1\n");
    expect(await refusalOf(() => scaleData(other, { kind: "columns", means: [0, 0, 0], scales: [1, 1, 1] }))).to.equal(
      "DATASET_SCALE",
    );
  });

  for (const values of ["fractions", "bytes"] as const) {
    it(`reaches parts, holdout, shards and private data with the same bits: ${values}`, async () => {
      const text = ROWS[values];
      const raw = tableOf(text);
      const sealed = { share: 0.2, shards: 4 };
      const options = { parts: 3, rule: { kind: "iid" }, holdoutShare: 0.1, sealed, seed: "1" } as const;
      const plan = planDataSet(raw.labels, options);
      const fit = Uint32Array.from(plan.parts.flatMap((part) => [...part]));
      const data = scaleData(raw, undefined, fit);
      const store = new MemoryStore();
      const { manifest } = await publishDataSet(store, { data, plan, secrets: SECRETS }, signal);
      expect(manifest.encoding).to.equal(values === "bytes" ? "uint8" : "float32");

      const read = decodeManifest(encodeManifest(manifest));
      expect(read.scaling).to.deep.equal(data.scaling);
      const privately = scaleData(tableOf(text), read.scaling).samples;
      expect(privately).to.deep.equal(data.samples);
      expect(await fetchPart(store, read, 1, signal)).to.deep.equal(selectSamples(privately, plan.parts[1]!));
      expect(await fetchHoldout(store, read, signal)).to.deep.equal(selectSamples(privately, plan.holdout));
      const keys = SECRETS.keysFor(read.sealed!.seal, 4);
      const shard = await fetchShard(store, read.sealed!.shards[2]!, signal);
      expect(readShard(read, read.sealed!.shards[2]!, shard, keys[2]!)).to.deep.equal(
        selectSamples(privately, plan.shards[2]!),
      );
    });
  }
});
