import { expect } from "chai";
import fc from "fast-check";

import type { Journal } from "../../../trainer/journal/port.ts";

/** Tests for every adapter of the journal port. `open` returns an empty journal. */
export function journalContract(name: string, open: () => Journal): void {
  describe(`journal contract: ${name}`, () => {
    let journal: Journal;
    beforeEach(() => {
      journal = open();
    });
    afterEach(() => {
      journal.close();
    });

    it("refuses a value that JSON does not have", () => {
      expect(() => journal.record("a", undefined)).to.throw(TypeError);
      expect(() => journal.record("a", 1n)).to.throw(TypeError);
      expect(journal.read("a")).to.equal(undefined);
    });

    it("refuses a key that is empty, long, or not visible ASCII", () => {
      for (const key of ["", "a b", "a\u0000", "ä", "k".repeat(201)]) {
        expect(() => journal.record(key, 1), key).to.throw(TypeError);
      }
    });

    it("refuses a value above 1 MiB and keeps the former one", () => {
      journal.record("a", 1);
      expect(() => journal.record("a", "x".repeat(1_048_576)))
        .to.throw()
        .with.property("code", "JOURNAL_VALUE_TOO_LARGE");
      expect(journal.read("a")).to.equal(1);
    });

    it("returns undefined for a key that was never recorded", () => {
      expect(journal.read("absent")).to.equal(undefined);
      expect(journal.keys("")).to.deep.equal([]);
    });

    it("gives back what was recorded last", () => {
      journal.record("round/1", { salt: "0x01", scores: [1, -2, null], sealed: true });
      journal.record("round/1", { salt: "0x02" });
      expect(journal.read("round/1")).to.deep.equal({ salt: "0x02" });
    });

    it("keeps the value as it was when it was recorded", () => {
      const value = { scores: [1] };
      journal.record("a", value);
      value.scores.push(2);
      expect(journal.read("a")).to.deep.equal({ scores: [1] });
    });

    it("gives back any JSON value", () => {
      fc.assert(
        fc.property(fc.jsonValue(), (value) => {
          journal.record("any", value);
          expect(journal.read("any")).to.deep.equal(JSON.parse(JSON.stringify(value)));
        }),
        { numRuns: 25 },
      );
    });

    it("lists the keys with a prefix in order, without wildcards: %, _ and * are literal", () => {
      for (const key of ["b/1", "a/10", "a/2", "a_2", "a%", "A/1"]) journal.record(key, 0);
      expect(journal.keys("a/")).to.deep.equal(["a/10", "a/2"]);
      expect(journal.keys("a_")).to.deep.equal(["a_2"]);
      expect(journal.keys("a%")).to.deep.equal(["a%"]);
      expect(journal.keys("")).to.deep.equal(["A/1", "a%", "a/10", "a/2", "a_2", "b/1"]);
    });

    it("can be closed twice and refuses to be used afterwards", () => {
      journal.close();
      journal.close();
      expect(() => journal.read("a")).to.throw();
      expect(() => journal.record("a", 1)).to.throw();
    });
  });
}
