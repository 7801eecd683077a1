import { expect } from "chai";

import { curvePlot } from "../../../scripts/demo/curve.ts";
import { linePlotSvg, type LinePlot } from "../../../scripts/plot/line-plot.ts";

const PLOT: LinePlot = {
  title: "Pay < loss & gain",
  x: { title: "share", ticks: [0.2, 0.4], digits: 2 },
  y: { title: "% of the reward" },
  lines: [
    {
      label: "a line with a name of more than forty letters",
      points: [
        [0.2, 1],
        [0.4, -2],
      ],
    },
    { label: "another", colour: "#123456", points: [[0.2, 3]] },
  ],
};

describe("linePlotSvg", function () {
  this.timeout(20_000);

  it("draws the same plot with the same bytes", async () => {
    expect(await linePlotSvg(PLOT)).to.equal(await linePlotSvg(PLOT));
  });

  it("writes titles, places and names in full, with XML's characters escaped", async () => {
    const svg = await linePlotSvg(PLOT);
    const texts = [...svg.matchAll(/<text [^>]*>([^<]*)<\/text>/g)].map(([, text]) => text);
    expect(texts).to.include.members(["Pay &lt; loss &amp; gain", "share", "% of the reward", "0.20", "0.40"]);
    expect(texts).to.include.members(PLOT.lines.map(({ label }) => label));
    expect(svg).to.contain("#123456");
  });

  it("writes the demo's accuracies beside their points", async () => {
    const points = [
      { round: 0, accuracyBps: 981 },
      { round: 1, accuracyBps: 9_050 },
    ];
    const svg = await linePlotSvg(curvePlot(points));
    for (const text of [">9.8 %<", ">90.5 %<", ">100 %<", ">round (0: the initial model)<"])
      expect(svg).to.contain(text);
  });
});
