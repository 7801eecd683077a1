import { expect } from "chai";
import fc from "fast-check";

import { packVector, unpackVector } from "@commonweight/sdk/protocol/score-vector";

describe("score vectors", () => {
  it("hold scores alone where nothing else is asked", () => {
    const vector = { readable: undefined, scores: [-1, 2], labels: undefined };
    expect(packVector(vector)).to.deep.equal([0x0002_ffffn]);
    expect(packVector({ ...vector, scores: [] })).to.deep.equal([]);
  });

  it("say first whether the sealed holdout could be read", () => {
    const vector = { readable: true, scores: [-1, 2], labels: undefined };
    expect(packVector(vector)).to.deep.equal([0x0002_ffff_0001n]);
    expect(packVector({ ...vector, readable: false })).to.deep.equal([0x0002_ffff_0000n]);
    expect(packVector({ ...vector, readable: false, scores: [] })).to.deep.equal([0n]);
  });

  it("begin the labels in a word of their own, 32 a word", () => {
    const labels = [3, 255, ...Array<number>(30).fill(0), 7];
    const scores = labels.map(() => 0);
    expect(packVector({ readable: undefined, scores, labels })).to.deep.equal([0n, 0n, 0n, 0xff03n, 7n]);
    // 16 scores and the bit before them take a second word.
    const words = packVector({ readable: true, scores: Array<number>(16).fill(0), labels: labels.slice(0, 16) });
    expect(words).to.deep.equal([1n, 0n, 0xff03n]);
  });

  it("end in the fingerprint, in a word of its own", () => {
    expect(packVector({ scores: [-1], fingerprint: 0xc0ffee })).to.deep.equal([0xffffn, 0xc0ffeen]);
    for (const fingerprint of [-1, 2 ** 24, 0.5]) {
      expect(() => packVector({ scores: [], fingerprint }), String(fingerprint)).to.throw(RangeError);
    }
  });

  it("refuse a label that has more than 8 bits", () => {
    for (const label of [256, -1, 0.5, NaN]) {
      expect(() => packVector({ readable: undefined, scores: [1], labels: [label] }), String(label)).to.throw(
        RangeError,
      );
    }
  });

  it("refuse to read more than there is", () => {
    const shape = { updates: 16, judgesHoldout: false, clusters: false, fingerprints: false };
    expect(unpackVector([0n], shape).scores.length).to.equal(16);
    expect(() => unpackVector([0n], { ...shape, judgesHoldout: true })).to.throw(RangeError);
    expect(() => unpackVector([0n], { ...shape, clusters: true })).to.throw(RangeError);
    expect(() => unpackVector([0n], { ...shape, updates: 17 })).to.throw(RangeError);
    expect(() => unpackVector([0n, 1n << 24n], { ...shape, fingerprints: true })).to.throw(RangeError);
  });

  it("take no more of the first lane than whether it is 1", () => {
    const shape = { updates: 0, judgesHoldout: true, clusters: false, fingerprints: false };
    expect([0n, 1n, 2n, 0xffffn].map((word) => unpackVector([word], shape).readable)).to.deep.equal([
      ...[false, true],
      ...[false, false],
    ]);
  });

  it("come out as they went in, with and without each part", () => {
    const numbers = (min: number, max: number) => fc.integer({ min, max });
    const updates = fc.array(fc.record({ score: numbers(-32_768, 32_767), label: numbers(0, 255) }), { maxLength: 64 });
    const readable = fc.constantFrom(undefined, true, false);
    const fingerprints = fc.option(numbers(0, 0xffffff), { nil: undefined });
    fc.assert(
      fc.property(updates, readable, fc.boolean(), fingerprints, (list, readable, clusters, fingerprint) => {
        const labels = clusters ? list.map(({ label }) => label) : undefined;
        const vector = { readable, scores: list.map(({ score }) => score), labels, fingerprint };
        const asked = { judgesHoldout: readable !== undefined, clusters, fingerprints: fingerprint !== undefined };
        const shape = { updates: list.length, ...asked };
        expect(unpackVector(packVector(vector), shape)).to.deep.equal(vector);
      }),
      { numRuns: 500 },
    );
  });
});
