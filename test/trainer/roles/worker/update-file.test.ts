import { expect } from "chai";
import fc from "fast-check";

import { digestOf } from "@commonweight/sdk/protocol/content-id";
import { writeSafetensors } from "../../../../trainer/model/safetensors.ts";
import { fetchUpdate, publishUpdate, readUpdate, writeUpdate } from "../../../../trainer/roles/worker/update-file.ts";
import { MemoryStore } from "../../../helpers/memory-store.ts";
import { itRefuses, refusalOf, type HostileCase } from "../../../helpers/refusals.ts";
import { weightsJob } from "../weights-job.ts";

const fresh = weightsJob();
const patient = weightsJob({ update: { maxStaleness: 3 } });
const DELTA = Float32Array.of(2, -4, 0, 0.5);

/** The file with a text in its header replaced, and the header's length corrected. */
function withText(from: string, to: string): Uint8Array {
  const bytes = Buffer.from(writeUpdate(patient, DELTA, 10));
  const end = 8 + Number(bytes.readBigUInt64LE());
  const header = bytes.subarray(8, end).toString().trimEnd();
  expect(header).to.contain(from);
  const changed = header.replace(from, to);
  const padded = changed.padEnd(Math.ceil(changed.length / 8) * 8);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(padded.length));
  return Buffer.concat([length, Buffer.from(padded), bytes.subarray(end)]);
}

const attempt = (from: string, to: string) => () => readUpdate(withText(from, to), patient, 10);

describe("an update's file", () => {
  const cases: readonly HostileCase[] = [
    ["a version where no stale update is taken", "WEIGHTS_METADATA", () => readUpdate(withText("10", "10"), fresh, 10)],
    ["other metadata", "WEIGHTS_METADATA", attempt("modelVersion", "modelversion")],
    ["a second key in the metadata", "WEIGHTS_METADATA", attempt('"10"', '"10","author":"me"')],
    ["metadata that is a list", "WEIGHTS_METADATA", attempt('{"modelVersion":"10"}', '["modelVersion","10"]')],
    ["a version that is a number", "WEIGHTS_METADATA", attempt('"10"', "10")],
    ["a version with a leading zero", "WEIGHTS_METADATA", attempt('"10"', '"07"')],
    ["a version with a sign", "WEIGHTS_METADATA", attempt('"10"', '"-1"')],
    ["a version in another base", "WEIGHTS_METADATA", attempt('"10"', '"0a"')],
    ["a version of six digits", "WEIGHTS_METADATA", attempt('"10"', '"100000"')],
    ["an empty version", "WEIGHTS_METADATA", attempt('"10"', '""')],
    ["a version with a line's end", "WEIGHTS_METADATA", attempt('"10"', '"\\n"')],
    ["white space in the metadata", "WEIGHTS_NOT_CANONICAL", attempt('"10"', '"10" ')],
    ["the metadata twice", "WEIGHTS_HEADER_DUPLICATE", attempt("{", '{"__metadata__":{"modelVersion":"10"},')],
    ["a future version", "WEIGHTS_FUTURE", () => readUpdate(writeUpdate(patient, DELTA, 11), patient, 10)],
    ["a version that is too old", "WEIGHTS_STALE", () => readUpdate(writeUpdate(patient, DELTA, 6), patient, 10)],
    [
      "a version behind the tensors",
      "WEIGHTS_NOT_CANONICAL",
      () => {
        const text = Buffer.from(writeUpdate(patient, DELTA, 10)).toString("latin1");
        const metadata = '"__metadata__":{"modelVersion":"10"}';
        const moved = text.replace(`${metadata},`, "").replace("}}", `},${metadata}}`);
        return readUpdate(Buffer.from(moved, "latin1"), patient, 10);
      },
    ],
  ];
  itRefuses(cases);

  it("names a model only where stale updates are taken", () => {
    expect(writeUpdate(fresh, DELTA, 10)).to.deep.equal(writeSafetensors(fresh.layout, DELTA));
    expect(
      Buffer.from(writeUpdate(patient, DELTA, 10)).includes('{"__metadata__":{"modelVersion":"10"},"layer0'),
    ).to.equal(true);
  });

  it("has full weight if it is fresh or names no model", () => {
    expect(readUpdate(writeUpdate(patient, DELTA, 10), patient, 10)).to.deep.equal(DELTA);
    expect(readUpdate(writeSafetensors(patient.layout, DELTA), patient, 10)).to.deep.equal(DELTA);
    expect(readUpdate(writeUpdate(patient, DELTA, 0), patient, 0)).to.deep.equal(DELTA);
  });

  it("has weight 1 / sqrt(1 + age)", () => {
    expect([...readUpdate(writeUpdate(patient, DELTA, 7), patient, 10)]).to.deep.equal([1, -2, 0, 0.25]);
    const property = fc.property(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 3, max: 9_999 }), (age, version) => {
      const read = readUpdate(writeUpdate(patient, DELTA, version - age), patient, version);
      read.forEach((one, at) => expect(one).to.equal(Math.fround(DELTA[at]! / Math.sqrt(1 + age))));
    });
    fc.assert(property);
  });

  it("can be stored and fetched with the longest version number, but not a longer file", async () => {
    const { signal } = new AbortController();
    const content = new MemoryStore();
    const fetch = (digest: string, version: number) =>
      fetchUpdate(content, patient, { digest, modelVersion: version }, signal);
    expect(await fetch(await publishUpdate(content, patient, DELTA, 10_000), 10_000)).to.deep.equal(DELTA);
    const padded = digestOf(await content.add(new Uint8Array(1_000)));
    expect(await refusalOf(() => fetch(padded, 1))).to.equal("CONTENT_TOO_LARGE");
    const plain = digestOf(await content.add(writeUpdate(patient, DELTA, 5)));
    const strict = fetchUpdate(content, fresh, { digest: plain, modelVersion: 5 }, signal);
    expect(await refusalOf(() => strict)).to.equal("CONTENT_TOO_LARGE");
  });
});
