import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { expect } from "chai";

import { openCommandLine, smallJob, type CommandLine } from "../helpers/command-line.ts";
import { explainJob, payEveryoneOut, playJob, TRAINERS, VALIDATORS } from "./whole-job/play-job.ts";

/** With a server optimiser, the confirming round starts from an attested state; the demo's job has none. */
const MERGING = `
scoring: {clusters: true}
aggregation: {rule: trimmed-mean, trim: 1}
serverOptimizer: {kind: adam, learningRate: 0.05}
update: {maxStaleness: 1}
`;

describe("commonweight: a job from posting to payout", function () {
  this.timeout(900_000);
  let cli: CommandLine;
  before(async () => {
    cli = await openCommandLine();
    expect(await playJob(cli, smallJob(MERGING))).to.deep.equal({ failures: [] });
  });
  after(() => cli.close());

  it("ends the watching when the job is closed", async () => {
    const { status, out } = await cli.run("job", "watch", "1");
    expect(status).to.equal(0);
    expect(out)
      .to.contain("round 1 opens")
      .and.to.contain("attests a model")
      .and.to.match(/model 1 +\d+\.\d %/);
  });

  it("explains every score and finds the chain's pay exact", async () => {
    const rounds = await explainJob(cli);
    expect(rounds.map(({ differences }) => differences)).to.deep.equal([[], []]);
    const [first] = rounds;
    expect(first?.attempts[0]?.updates).to.have.lengthOf(3);
    expect(first?.attempts[0]?.seats.map(({ inBand }) => inBand)).to.deep.equal([3, 3, 3]);
    expect(BigInt(first?.trainerPay ?? 0)).to.be.greaterThan(0n);
  });

  it("gives the released model to the initiator after everyone has gone", async () => {
    const out = join(cli.folder, "model");
    await cli.json("model", "fetch", "1", "--out", out, ...cli.as(0));
    const model = JSON.parse(await readFile(join(out, "model.json"), "utf8")) as { format: string };
    expect(model.format).to.equal("layers-model");
    const weights = await readFile(join(out, "model.safetensors"), "latin1");
    expect(weights).to.contain("layer0.kernel").and.not.to.contain("optimizer.");
  });

  it("pays everyone out to the unit, and shows beforehand what is due", async () => {
    const { due, fromMarket, left } = await payEveryoneOut(cli);
    for (const account of [...TRAINERS, ...VALIDATORS]) {
      expect((due.get(account) ?? 0n) > 0n, `account ${account} earned`).to.equal(true);
    }
    for (const account of VALIDATORS) expect(fromMarket.get(account)).to.equal(due.get(account));
    expect(left).to.equal(0n);
    const again = await cli.run("withdraw", ...cli.as(1));
    expect(again.out).to.contain("there is nothing to withdraw");
    const rounds = await explainJob(cli);
    expect(rounds[0]?.attempts[0]?.updates.every(({ isCredited }) => isCredited)).to.equal(true);
    expect(rounds.flatMap(({ differences }) => differences)).to.deep.equal([]);
  });
});
