import { once } from "node:events";

import { expect } from "chai";

import type { ExplainedRound } from "@commonweight/sdk/chain/explain-round";
import { CommonweightError } from "@commonweight/sdk/errors";
import { openTfjsNodeEngine } from "../../trainer/engine/tfjs-node.ts";
import { openCommandLine, smallJob, type CommandLine, type Run } from "../helpers/command-line.ts";

/** Choice of engine by the trainer's account, and the engine that it stands for where tfjs-node loads. */
const TRAINERS = [
  { account: 1, choice: "wasm", engine: "wasm" },
  { account: 2, choice: "tfjs-node", engine: "tfjs-node" },
  { account: 3, choice: "auto", engine: "tfjs-node" },
] as const;
const VALIDATORS = [4, 5, 6];

describe("commonweight: a job with trainers on both engines", function () {
  this.timeout(600_000);
  let cli: CommandLine | undefined;
  let trainers: readonly Run[] = [];

  before("NOT RUN where tfjs-node does not load", async function () {
    try {
      await openTfjsNodeEngine();
    } catch (error) {
      if (!(error instanceof CommonweightError) || error.code !== "ENGINE_UNAVAILABLE") throw error;
      process.stdout.write(`  job on both engines NOT RUN: ${error.message}\n`);
      this.skip();
    }
    cli = await openCommandLine();
    trainers = await playJob(cli);
  });
  after(() => cli?.close());

  const opened = (): CommandLine => {
    if (cli === undefined) throw new Error("The job was not played.");
    return cli;
  };

  it("ends closed, with all its workers", async () => {
    expect(trainers.map(({ status }) => status)).to.deep.equal([0, 0, 0]);
    const { status, out } = await opened().run("job", "watch", "1");
    expect(status).to.equal(0);
    expect(out).to.match(/model 1 +\d+\.\d %/);
  });

  it("logs once which engine each trainer took and why, and nothing of the native library", () => {
    for (const [index, { engine }] of TRAINERS.entries()) {
      const { out, err } = trainers[index]!;
      expect(err).to.equal("");
      const lines = out.trim().split("\n");
      expect(lines.filter((line) => !line.startsWith("{"))).to.deep.equal([]);
      const chosen = lines
        .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>)
        .filter(({ msg }) => msg === "training engine");
      expect(chosen.map((line) => line.engine)).to.deep.equal([engine]);
      expect(chosen[0]?.reason).to.match(/\.$/);
    }
  });

  it("scores all their updates alike: every seat in the band of every update, every update paid", async () => {
    const { rounds } = (await opened().json("explain", "1")) as unknown as { rounds: readonly ExplainedRound[] };
    expect(rounds.flatMap(({ differences }) => differences)).to.deep.equal([]);
    expect(rounds[0]?.attempts[0]?.updates).to.have.lengthOf(TRAINERS.length);
    expect(rounds[0]?.attempts[0]?.seats.map(({ inBand }) => inBand)).to.deep.equal([3, 3, 3]);
  });

  it("pays everyone out to the unit", async () => {
    const { market, wrappedNative } = opened().contracts;
    const everyone = [0, ...TRAINERS.map(({ account }) => account), ...VALIDATORS];
    for (const account of everyone) {
      const { due } = (await opened().json("status", ...opened().as(account))) as {
        due: readonly { amount: string }[];
      };
      const earned = due.reduce((sum, { amount }) => sum + BigInt(amount), 0n);
      if (account !== 0) expect(earned > 0n, `account ${account} earned`).to.equal(true);
      await opened().json("withdraw", ...opened().as(account));
    }
    expect(await wrappedNative.balanceOf(market)).to.equal(0n);
  });
});

/** Plays the job to its end; every participant is a process with its own key. Returns the trainers' runs. */
async function playJob(cli: CommandLine): Promise<readonly Run[]> {
  const post = ["job", "post", await cli.file("job.yaml", smallJob()), ...cli.as(0)];
  const { child: initiator, line } = await cli.start(post, "job posted");
  const ended = once(initiator, "exit");
  const job = ["--job", String(line.jobId), "--bootstrap", String((line.addresses as readonly string[])[0])];
  const [trainers] = await Promise.all([
    Promise.all(
      TRAINERS.map(({ account, choice }) => cli.run("trainer", "run", "--engine", choice, ...job, ...cli.as(account))),
    ),
    ...VALIDATORS.map(async (account) => {
      await cli.run("stake", "0.5", ...cli.as(account));
      await cli.run("validator", "run", ...job, ...cli.as(account));
    }),
  ]);
  expect(await ended).to.deep.equal([0, null]);
  return trainers;
}
