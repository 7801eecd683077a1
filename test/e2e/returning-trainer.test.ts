import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";

import { expect } from "chai";

import { openCommandLine, smallJob, type CommandLine, type Run } from "../helpers/command-line.ts";
import { explainJob, payEveryoneOut, TRAINERS, VALIDATORS } from "./whole-job/play-job.ts";

const ROUNDS = 6;
/** Seconds; longer than everyone needs, so that only a missing trainer takes up all of it. */
const TRAINING = 600;
const MISSED = "this trainer missed a round: rounds do not wait for it until it has sealed an update again";

describe("commonweight: a trainer that is killed and returns rounds later", function () {
  this.timeout(900_000);
  let cli: CommandLine;
  /** The returning trainer's second life. */
  let second: Run;
  const [returning = 0, ...steady] = TRAINERS;

  before(async () => {
    cli = await openCommandLine();
    second = await playJob();
  });
  after(() => cli.close());

  async function playJob(): Promise<Run> {
    const job = smallJob()
      .replace("rounds: 1", `rounds: ${ROUNDS}`)
      .replace("minTraining: 0s", `minTraining: 0s, training: ${TRAINING}s`)
      .replace("minTrainers: 3", "minTrainers: 2");
    const post = ["job", "post", await cli.file("job.yaml", job), ...cli.as(0)];
    const { child: initiator, line } = await cli.start(post, "job posted");
    const ended = once(initiator, "exit");
    const place = ["--job", String(line.jobId), "--bootstrap", String((line.addresses as readonly string[])[0])];
    const train = (account: number) => ["trainer", "run", "--engine", "wasm", ...place, ...cli.as(account)];

    const { child: killed } = await cli.start(train(returning), "joined the job");
    killed.kill("SIGKILL");
    await once(killed, "exit");
    const runs = [
      ...steady.map((account) => cli.run(...train(account))),
      ...VALIDATORS.map(async (account) => {
        await cli.run("stake", "0.5", ...cli.as(account));
        return cli.run("validator", "run", ...place, ...cli.as(account));
      }),
    ];
    // Round 1 waits for the trainer that is gone; round 2 does not.
    await sealed(1, steady.length);
    await cli.provider.send("evm_increaseTime", [TRAINING]);
    await cli.provider.send("evm_mine", []);
    await sealed(2, steady.length);
    const again = await cli.run(...train(returning));
    for (const { status, err } of await Promise.all(runs)) expect(status, err).to.equal(0);
    expect(await ended).to.deep.equal([0, null]);
    return again;
  }

  /** Waits until a round has this many commitments. */
  async function sealed(round: number, count: number): Promise<void> {
    const { rounds } = cli.contracts;
    const commitments = rounds.filters.UpdateCommitted(1n, BigInt(round));
    while ((await rounds.queryFilter(commitments)).length < count) await sleep(200);
  }

  it("says once that rounds do not wait for it, joins again, and ends with the job", () => {
    expect(second.status, second.err).to.equal(0);
    const messages = second.out.split("\n").flatMap((line) => (line.startsWith("{") ? [messageOf(line)] : []));
    expect(messages.filter((message) => message === MISSED)).to.have.lengthOf(1);
    expect(messages.filter((message) => message.startsWith("the round closed without this trainer"))).lengthOf(1);
    expect(messages.at(-1)).to.equal("trainer is done");
  });

  it("loses no bond, and everyone is paid out to the unit", async () => {
    const { due, left } = await payEveryoneOut(cli);
    for (const account of [...TRAINERS, ...VALIDATORS]) {
      expect((due.get(account) ?? 0n) > 0n, `account ${account} earned`).to.equal(true);
    }
    expect(left).to.equal(0n);
    expect(await cli.contracts.market.burned(cli.deployment.wrappedNative)).to.equal(0n);
  });

  it("has updates in later rounds that are scored and paid like the others'", async () => {
    const rounds = await explainJob(cli);
    const address = cli.wallet(returning).address;
    const own = rounds.map(({ attempts }) => attempts.at(-1)?.updates.find(({ trainer }) => trainer === address));
    expect(own.slice(0, 2)).to.deep.equal([undefined, undefined]);
    const later = own.flatMap((update) => update ?? []);
    expect(later).to.not.have.lengthOf(0);
    expect(later.every(({ isCredited, isVoid }) => isCredited && !isVoid)).to.equal(true);
    expect(later.reduce((sum, { pay }) => sum + BigInt(pay), 0n) > 0n).to.equal(true);
    expect(rounds.flatMap(({ differences }) => differences)).to.deep.equal([]);
  });
});

function messageOf(line: string): string {
  return String((JSON.parse(line) as { msg: unknown }).msg);
}
