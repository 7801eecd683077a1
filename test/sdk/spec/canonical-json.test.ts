import { expect } from "chai";
import fc from "fast-check";

import { canonicalJson } from "@commonweight/sdk/spec/canonical-json";

/** An independent model: JSON.stringify formats numbers and strings as RFC 8785 requires. */
function model(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(model).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const keys = Object.entries(value).flatMap(([key, item]) => (item === undefined ? [] : [key]));
  const items = value as Readonly<Record<string, unknown>>;
  return `{${keys
    .sort()
    .map((key) => `${JSON.stringify(key)}:${model(items[key])}`)
    .join(",")}}`;
}

const SPECIAL = ["\0", "\r", "\n", '"', "\\", "\u007f", "\u2028", "é", "€", "\ufb33", "😀", "1", "10", "__proto__"];
const strings = fc.string({ unit: fc.oneof(fc.constantFrom(...SPECIAL), fc.string({ unit: "binary", maxLength: 1 })) });
const numbers = fc.oneof(
  fc.constantFrom(-0, 1e21, 1e-7, 5e-324, Number.MAX_VALUE, 9_007_199_254_740_993, 333_333_333.3333333, 1e23),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer(),
);
const { value: values } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    fc.constant(null),
    fc.boolean(),
    numbers,
    strings,
    tie("array"),
    tie("object"),
  ),
  array: fc.array(tie("value")),
  object: fc.dictionary(strings, fc.oneof(tie("value"), fc.constant(undefined))),
}));

describe("canonicalJson", () => {
  it("writes the examples of RFC 8785", () => {
    // Examples of RFC 8785, sections 3.2.2 and 3.2.3.
    const primitives = {
      numbers: [333333333.33333329, 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
      string: '\u20ac$\u000f\nA\'B"\\\\"/',
      literals: [null, true, false],
    };
    expect(canonicalJson(primitives)).to.equal(
      String.raw`{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`,
    );
    const keys = ["\u20ac", "\r", "\ufb33", "1", "\u{1f600}", "\u0080", "\u00f6"];
    const text = canonicalJson(Object.fromEntries(keys.map((key) => [key, 0])));
    expect(Object.keys(JSON.parse(text) as object)).to.have.members(keys);
    const places = ["\\r", "1", "\u0080", "\u00f6", "\u20ac", "\u{1f600}", "\ufb33"].map((key) =>
      text.indexOf(`"${key}"`),
    );
    expect(places).to.deep.equal(places.toSorted((a, b) => a - b));
  });

  it("writes what the model writes", () => {
    fc.assert(
      fc.property(values, (value) => {
        expect(canonicalJson({ value })).to.equal(model({ value }));
      }),
      { numRuns: 5_000 },
    );
  });

  it("has no form for what JSON does not know", () => {
    const cycle: unknown[] = [];
    cycle.push(cycle);
    for (const value of [NaN, Infinity, "\ud800", 1n, cycle]) expect(() => canonicalJson({ value })).to.throw();
  });
});
