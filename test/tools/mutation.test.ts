import { expect } from "chai";

import { buildable } from "../../tools/mutation/build.ts";
import { findMutants } from "../../tools/mutation/find-mutants.ts";
import { metaSources } from "../../tools/mutation/meta-source.ts";
import type { Operator } from "../../tools/mutation/mutant.ts";
import { figuresOf, type Examined } from "../../tools/mutation/report.ts";
import { selectMutants } from "../../tools/mutation/select.ts";
import { compile, errorsOf, syntaxTrees, type Sources } from "../../tools/solidity/compiler.ts";

const FILE = "contracts/Till.sol";
const TILL: Sources = new Map([
  [
    FILE,
    `// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

contract Till {
    error Closed();
    event Filled(uint256 by);
    address private immutable OWNER = msg.sender;
    uint256 public amount;

    modifier onlyOwner() {
        if (msg.sender != OWNER) revert Closed();
        _;
    }

    function fill(uint256 by) external onlyOwner returns (uint256) {
        if (by == 0) revert Closed();
        amount += by;
        emit Filled(by);
        return amount > 10 ? 10 : amount;
    }
}
`,
  ],
]);

describe("mutants of the contracts", function () {
  this.timeout(60_000);
  const trees = syntaxTrees(TILL);
  const mutants = findMutants(TILL, trees);

  it("drop guards, modifiers, events and assignments, and turn comparisons and numbers", () => {
    const operators = new Set<Operator>(mutants.map(({ operator }) => operator));
    expect([...operators]).to.include.members(["guard", "modifier", "event", "assignment", "relational", "constant"]);
  });

  it("count as critical where they touch who may call", () => {
    const critical = mutants.filter((mutant) => mutant.critical).map(({ operator }) => operator);
    expect(critical).to.include.members(["modifier", "guard"]);
    expect(mutants.filter(({ operator }) => operator === "event").every((mutant) => !mutant.critical)).to.equal(true);
  });

  it("stand in one build that compiles", () => {
    const built = buildable(TILL, trees, mutants);
    expect(built.length).to.be.greaterThan(mutants.length * 0.9);
    const meta = metaSources(TILL, trees, built);
    expect(errorsOf(compile(meta.sources, {}, { "*": { "": ["ast"] } }))).to.deep.equal([]);
    for (const { number } of built) expect(meta.sources.get(FILE)).to.match(new RegExp(`\\b${number}\\b`));
  });

  it("keep their keys when the code around them moves", () => {
    const moved = new Map([[FILE, TILL.get(FILE)!.replace("contract Till", "// moved\n\ncontract Till")]]);
    const keys = findMutants(moved, syntaxTrees(moved)).map(({ key }) => key);
    expect(keys).to.deep.equal(mutants.map(({ key }) => key));
  });

  it("are chosen the same for the same seed, most of them critical, or all", () => {
    const chosen = (seed: number, sample?: number) => selectMutants(mutants, { seed, sample, only: undefined });
    expect(chosen(1, 4)).to.deep.equal(chosen(1, 4));
    expect(chosen(2, 4).map(({ critical }) => critical)).to.deep.equal([true, true, true, false]);
    expect(chosen(2).length).to.equal(mutants.length);
  });

  describe("meet their target", () => {
    const [first] = mutants;
    // The same mutant many times: only the number counts.
    const killed = Array.from({ length: 400 }, (): Examined => ({ mutant: first!, result: result("killed") }));
    const keys = new Set(["killed", ...mutants.map(({ key }) => key)]);
    const survivor = { mutant: { ...first!, key: "survivor" }, result: result("survived") };
    const explained = { ...fields(), equivalent: true, explanation: "it cannot be told from the contract" };

    it("where all are killed, and not where too few were tried", () => {
      expect(verdict(killed)).to.equal(true);
      expect(verdict(killed.slice(0, 299))).to.equal(false);
    });

    it("where a survivor is explained, and not where it is not", () => {
      expect(verdict([...killed, survivor], { survivor: explained })).to.equal(true);
      expect(verdict([...killed, survivor])).to.equal(false);
    });

    it("not where one that touches money survives for want of a test", () => {
      const critical = { ...survivor, mutant: { ...survivor.mutant, critical: true } };
      expect(verdict([...killed, critical], { survivor: { ...explained, equivalent: false } })).to.equal(false);
    });

    it("not where an explanation has no survivor", () => {
      expect(verdict(killed, { survivor: explained })).to.equal(false);
    });

    it("not where more than one in twenty survives", () => {
      expect(verdict([...killed, ...Array.from({ length: 22 }, () => survivor)], { survivor: explained })).to.equal(
        false,
      );
    });

    function verdict(examined: readonly Examined[], explanations: Record<string, typeof explained> = {}): boolean {
      const survives = examined.includes(survivor) ? ["survivor"] : [];
      const context = {
        explanations: new Map(Object.entries(explanations)),
        keys: new Set([...keys, ...survives, ...examined.map(({ mutant }) => mutant.key)]),
        part: false,
      };
      return figuresOf(examined, context).every(({ met }) => met);
    }

    function result(status: "killed" | "survived"): Examined["result"] {
      return { key: first!.key, digest: "", status, seconds: 0 };
    }

    function fields() {
      return { file: FILE, scope: "Till.fill", operator: "guard", original: "", mutated: "" };
    }
  });
});
