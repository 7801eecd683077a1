import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { expect } from "chai";

import type { JobView } from "@commonweight/sdk/chain/job-view";
import { readJob, readJobParams } from "@commonweight/sdk/chain/read-job";
import { openCommandLine, smallJob, type CommandLine, type Started } from "../helpers/command-line.ts";
import { explainJob, payEveryoneOut, TRAINERS, VALIDATORS } from "./whole-job/play-job.ts";

/** The trainer that is killed in round 1 and started again in round 3, and those that stay. */
const RETURNER = 3;
const STAYING = TRAINERS.filter((account) => account !== RETURNER);

/**
 * Whoever joins again gets the next part, so there are four. Training is kept open for `minTraining`, and the test
 * moves the chain's clock past it: how fast a machine trains decides nothing. Small steps gain in every round.
 */
const JOB = smallJob()
  .replace("parts: 3", "parts: 4")
  .replace("{epochs: 4}", "{epochs: 30, learningRate: 0.002}")
  .replace("rounds: 1", "rounds: 4")
  .replace("minTraining: 0s", "training: 10m, minTraining: 5m");

const ABSENT = "this trainer missed a round: rounds do not wait for it until it has sealed an update again";
const SEALED = "update sealed";

describe("commonweight: a trainer that was killed and comes back", function () {
  this.timeout(900_000);
  let cli: CommandLine;
  let returned: Started;
  before(async () => {
    cli = await openCommandLine();
    returned = await playWithReturner(cli);
  });
  after(() => cli.close());

  it("says once that rounds do not wait for it", () => {
    expect(returned.lines.filter(({ msg }) => msg === ABSENT)).to.have.lengthOf(1);
  });

  it("has no part in the two rounds that it missed, and a scored update in the last one", async () => {
    const rounds = await explainJob(cli);
    const account = cli.wallet(RETURNER).address;
    const tookPart = (number: number) =>
      rounds
        .find(({ round }) => round === number)
        ?.attempts[0]?.updates.some(({ trainer, scores }) => trainer === account && !scores.includes(undefined));
    expect([1, 2, 4].map(tookPart)).to.deep.equal([false, false, true]);
    expect(rounds.flatMap(({ differences }) => differences)).to.deep.equal([]);
    expect(returned.lines.filter(({ msg }) => msg === SEALED).map(({ round }) => round)).to.include(4);
  });

  it("earns pay again, and everyone is paid out to the unit", async () => {
    expect(await cli.contracts.book.jobCount()).to.equal(1n);
    expect((await viewOf(cli)).closed).to.equal(true);
    const { due, left } = await payEveryoneOut(cli);
    for (const account of [...TRAINERS, ...VALIDATORS]) {
      expect((due.get(account) ?? 0n) > 0n, `account ${account} earned`).to.equal(true);
    }
    expect(left).to.equal(0n);
  });
});

/** Plays the job to its close and returns the second process of the trainer that came back. */
async function playWithReturner(cli: CommandLine): Promise<Started> {
  const file = await cli.file("job.yaml", JOB);
  const post = ["job", "post", file, ...cli.as(0), "--models", join(cli.folder, "models")];
  const initiator = await cli.start(post, "job posted");
  const job = ["--job", "1", "--bootstrap", String((initiator.line.addresses as readonly string[])[0])];
  const train = (account: number, message: string) =>
    cli.start(["trainer", "run", "--engine", "wasm", ...job, ...cli.as(account)], message);
  const score = async (account: number) => {
    await cli.json("stake", "0.5", ...cli.as(account));
    return cli.start(["validator", "run", ...job, ...cli.as(account)], "content store is open");
  };

  const [first, ...staying] = await Promise.all(
    [RETURNER, ...STAYING].map((account) => train(account, "joined the job")),
  );
  // Stopped before a round can open, so that it has certainly sealed nothing when it is killed in round 1.
  first?.child.kill("SIGSTOP");
  const validators = await Promise.all(VALIDATORS.map(score));
  await passTraining(cli, { round: 1, sealed: 2, isFull: true, meanwhile: () => first?.child.kill("SIGKILL") });
  await passTraining(cli, { round: 2, sealed: 2 });
  await until(async () => (await viewOf(cli)).roundNumber === 3);
  const second = await train(RETURNER, "training");
  await passTraining(cli, { round: 3, sealed: 2 });
  await passTraining(cli, { round: 4, sealed: 3 });
  await Promise.all([initiator, ...staying, ...validators, second].map(endOf));
  return second;
}

interface Training {
  readonly round: number;
  /** How many updates are sealed before the clock moves. */
  readonly sealed: number;
  /** Whether it runs to its deadline, because an expected trainer is missing. */
  readonly isFull?: boolean;
  readonly meanwhile?: () => void;
}

/** Waits for a round's sealed updates and moves the chain's clock to the end of its Training. */
async function passTraining(cli: CommandLine, training: Training): Promise<void> {
  const { round, sealed, isFull = false, meanwhile } = training;
  await until(async () => {
    const view = await viewOf(cli);
    expect(view.closed, `the job closed before round ${round} was trained for`).to.equal(false);
    return view.roundNumber === round && (view.round?.committed ?? 0) >= sealed;
  });
  meanwhile?.();
  const { time, round: running, params } = await viewOf(cli);
  const end = (running?.trainingStart ?? 0) + (isFull ? params.trainingPeriod : params.minTraining);
  await cli.provider.send("evm_increaseTime", [Math.max(0, end - time)]);
  await cli.provider.send("evm_mine", []);
}

async function viewOf({ contracts, provider, wallet }: CommandLine): Promise<JobView> {
  const block = await provider.getBlock("latest");
  if (block === null) throw new Error("The chain has no block.");
  const params = await readJobParams(contracts, 1n);
  return readJob(contracts, { jobId: 1n, params, account: wallet(RETURNER).address, block });
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await sleep(200);
}

async function endOf({ child, lines }: Started): Promise<void> {
  if (child.exitCode === null) await once(child, "exit");
  expect(child.exitCode, JSON.stringify(lines.at(-1))).to.equal(0);
}
