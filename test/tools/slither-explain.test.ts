import { expect } from "chai";

import { directivesIn } from "../../tools/slither/directives.ts";
import { explain } from "../../tools/slither/explain.ts";
import type { Finding, Place } from "../../tools/slither/findings.ts";

const FILE = "contracts/Shop.sol";
const at = (line: number): Place => ({ file: FILE, line });

function finding(detector: string, lines: readonly number[], calls: readonly number[] = []): Finding {
  const places = lines.map(at);
  return { detector, impact: "Low", text: detector, place: places[0] ?? at(0), places, calls: calls.map(at) };
}

describe("explaining findings", () => {
  const explained = ["// The book calls nobody.".padEnd(30, "."), "// slither-disable-next-line reentrancy-events"];

  function left(source: readonly string[], findings: readonly Finding[]) {
    const text = source.join("\n");
    const { unexplained, bare, idle } = explain(findings, directivesIn(text, FILE), new Map([[FILE, text]]), [
      { detector: "naming-convention", reason: "solhint holds the names", holds: (code) => !code.includes("balance") },
    ]);
    return {
      unexplained: unexplained.map(({ place }) => place.line),
      bare: bare.map(({ line }) => line),
      idle: idle.map(({ detector }) => detector),
    };
  }

  it("takes a directive with a reason", () => {
    const found = [finding("reentrancy-events", [1, 3], [3])];
    expect(left([...explained, "BOOK.note();"], found)).to.deep.equal({ unexplained: [], bare: [], idle: [] });
  });

  it("leaves a finding without a directive, of another detector, and elsewhere", () => {
    const found = [
      finding("reentrancy-events", [3]),
      finding("calls-loop", [3]),
      finding("reentrancy-events", [4]),
      finding("arbitrary-send-erc20", [9]),
    ];
    expect(left([...explained, "BOOK.note();"], found).unexplained).to.deep.equal([3, 4, 9]);
  });

  it("wants every call of a re-entrancy explained, not one", () => {
    const found = [finding("reentrancy-events", [1, 3, 4], [3, 4])];
    expect(left([...explained, "BOOK.note();", "token.send();"], found).unexplained).to.deep.equal([1]);
  });

  it("refuses directives without a reason, for a range, and for all detectors", () => {
    const found = [finding("calls-loop", [2])];
    expect(left(["// slither-disable-next-line calls-loop", "x();"], found).bare).to.deep.equal([1]);
    expect(left(["// ok", "// slither-disable-next-line calls-loop", "x();"], []).bare).to.deep.equal([2]);
    expect(left(["/// @notice Documents the function.", "// slither-disable-next-line a"], []).bare).to.deep.equal([2]);
    const range = ["// It is what it is, and will be.", "// slither-disable-start calls-loop"];
    expect(left(range, found)).to.deep.include({ bare: [2], unexplained: [2] });
    const all = ["// It is what it is, and will be.", "// slither-disable-next-line all"];
    expect(left(all, found)).to.deep.include({ bare: [2], unexplained: [2] });
  });

  it("names detectors that a directive silences in vain", () => {
    const source = [explained[0] ?? "", `${explained[1] ?? ""},calls-loop`, "BOOK.note();"];
    expect(left(source, [finding("reentrancy-events", [3], [3])]).idle).to.deep.equal(["calls-loop"]);
  });

  it("takes a blanket where it holds", () => {
    expect(left(["x();"], [finding("naming-convention", [1])]).unexplained).to.deep.equal([]);
    expect(left(["balance();"], [finding("naming-convention", [1])]).unexplained).to.deep.equal([1]);
  });
});
