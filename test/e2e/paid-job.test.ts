import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { expect } from "chai";

import type { ExplainedRound } from "@commonweight/sdk/chain/explain-round";
import { openCommandLine, smallJob, type CommandLine } from "../helpers/command-line.ts";

const TRAINERS = [1, 2, 3];
const VALIDATORS = [4, 5, 6];
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
    await playJob();
  });
  after(() => cli.close());

  /** Every participant is a process with its own key; the initiator's process serves the files. */
  async function playJob(): Promise<void> {
    const post = [
      "job",
      "post",
      await cli.file("job.yaml", smallJob(MERGING)),
      ...cli.as(0),
      "--models",
      join(cli.folder, "models"),
    ];
    const { child: initiator, line } = await cli.start(post, "job posted");
    const ended = once(initiator, "exit");
    const job = ["--job", String(line.jobId), "--bootstrap", String((line.addresses as readonly string[])[0])];
    await Promise.all([
      ...TRAINERS.map((account) => cli.run("trainer", "run", "--engine", "wasm", ...job, ...cli.as(account))),
      ...VALIDATORS.map(async (account) => {
        await cli.run("stake", "0.5", ...cli.as(account));
        await cli.run("validator", "run", ...job, ...cli.as(account));
      }),
    ]);
    expect(await ended).to.deep.equal([0, null]);
  }

  it("ends the watching when the job is closed", async () => {
    const { status, out } = await cli.run("job", "watch", "1");
    expect(status).to.equal(0);
    expect(out)
      .to.contain("round 1 opens")
      .and.to.contain("attests a model")
      .and.to.match(/model 1 +\d+\.\d %/);
  });

  it("explains every score and finds the chain's pay exact", async () => {
    const { rounds } = (await cli.json("explain", "1")) as unknown as { rounds: readonly ExplainedRound[] };
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
    const { market, registry, wrappedNative } = cli.contracts;
    const everyone = [0, ...TRAINERS, ...VALIDATORS];
    await Promise.all(VALIDATORS.map((account) => cli.json("thaw", "all", ...cli.as(account))));
    const takeOut = async (account: number) => {
      const { due } = (await cli.json("status", ...cli.as(account))) as { due: readonly { amount: string }[] };
      const earned = due.reduce((sum, { amount }) => sum + BigInt(amount), 0n);
      if (account !== 0) expect(earned > 0n, `account ${account} earned`).to.equal(true);
      const report = (await cli.json("withdraw", ...cli.as(account))) as {
        withdrawn: readonly { contract: string; amount: string }[];
      };
      const fromMarket = report.withdrawn.find(({ contract }) => contract === "market")?.amount ?? "0";
      if (VALIDATORS.includes(account)) expect(BigInt(fromMarket)).to.equal(earned);
    };
    await Promise.all(everyone.map(takeOut));
    expect(await wrappedNative.balanceOf(market)).to.equal(0n);
    expect(await wrappedNative.balanceOf(registry)).to.equal(0n);
    const again = await cli.run("withdraw", ...cli.as(1));
    expect(again.out).to.contain("there is nothing to withdraw");
    const { rounds } = (await cli.json("explain", "1")) as unknown as { rounds: readonly ExplainedRound[] };
    expect(rounds[0]?.attempts[0]?.updates.every(({ isCredited }) => isCredited)).to.equal(true);
    expect(rounds.flatMap(({ differences }) => differences)).to.deep.equal([]);
  });
});
