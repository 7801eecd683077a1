import { execFile, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

import { expect } from "chai";

import { locateModelPython } from "../../tools/programs/python-program.ts";
import { openCommandLine, smallJob, type CommandLine } from "../helpers/command-line.ts";

const TRAINERS = [1, 2, 3];
const VALIDATORS = [4, 5, 6];
const HOUR = 3_600;
const SERVING = "the job is closed: serving its released models; interrupt to stop";

interface Started {
  readonly child: ChildProcess;
  readonly line: Record<string, unknown>;
}

describe("commonweight: a released model an hour after its job closed", function () {
  this.timeout(900_000);
  let cli: CommandLine;
  let initiator: Started;
  let validators: readonly Started[] = [];
  before(async () => {
    cli = await openCommandLine();
    await playJob();
  });
  after(() => cli.close());

  /** Plays a job whose models are to be served for two hours, until every validator serves them. */
  async function playJob(): Promise<void> {
    const job = smallJob().replace("serving: 0s", "serving: 2h");
    const models = ["--models", join(cli.folder, "models")];
    initiator = await cli.start(
      ["job", "post", await cli.file("job.yaml", job), ...models, ...cli.as(0)],
      "job posted",
    );
    const place = ["--job", String(initiator.line.jobId), "--bootstrap", addressOf(initiator)];
    const trainers = TRAINERS.map((account) =>
      cli.run("trainer", "run", "--engine", "wasm", ...place, ...cli.as(account)),
    );
    const serving = VALIDATORS.map(async (account) => {
      await cli.run("stake", "0.5", ...cli.as(account));
      return cli.start(["validator", "run", ...place, ...cli.as(account)], SERVING);
    });
    await Promise.all(trainers);
    validators = await Promise.all(serving);
  }

  it("is in the initiator's folder, which the posting named", async () => {
    const folder = join(cli.folder, "models", "round-1");
    expect(initiator.line.models).to.equal(join(cli.folder, "models"));
    const facts = await eventually(
      () => factsIn(folder),
      ({ confirmedAccuracy }) => confirmedAccuracy !== null,
    );
    expect(facts).to.include({ round: 1, job: "1", chain: "31337" });
    const lines = initiator.line.lines as Record<string, string>;
    expect(lines.trainer).to.match(
      /^commonweight trainer run --job 1 --terms 0x\w{64} .*--bootstrap \/ip4\/\S+\/p2p\/\w+$/,
    );
    expect(lines.stake).to.match(/^commonweight stake 0\.5 --rpc /);
  });

  it("is fetched by a stranger from the one holder that is left", async () => {
    const [holder, ...others] = validators;
    if (holder === undefined) throw new Error("no validator serves");
    await killed([initiator, ...others]);
    await passTime(HOUR);
    const fetched = await fetchAs("stranger", addressOf(holder));
    expect(fetched).to.include({ round: 1, version: 1 });
    expect(fetched.reason).to.match(/\d % is the best confirmed accuracy of 1 confirmed releases/);
    const facts = await factsIn(join(cli.folder, "stranger"));
    expect(facts).to.deep.include({ inputShape: [64], classes: 10, holdout: "public", holdoutSamples: 359 });
    expect(facts.scaling).to.include({ kind: "columns" });
    expect(facts.scaling).to.have.property("means").with.lengthOf(64);
    expect(facts.accuracy).to.be.within(0.5, 1);
    expect(facts.confirmedAccuracy).to.equal(facts.accuracy);
  });

  it("is not fetched twice, and not written over another model", async () => {
    const holder = addressOf(validators[0]);
    const again = await fetchAs("stranger", holder);
    expect((again.files as readonly { change: string }[]).every(({ change }) => change === "unchanged")).to.equal(true);
    const other = join(cli.folder, "other");
    await cli.file("model.json", "{}");
    const place = ["--bootstrap", holder, "--data-dir", other];
    const refused = await cli.run("model", "fetch", "1", "--out", cli.folder, ...place);
    expect(refused).to.include({ status: 1 });
    expect(refused.err).to.contain("error MODEL_FOLDER_OTHER").and.to.contain("--overwrite");
    const wrong = await cli.run("model", "fetch", "1", "--round", "2", "--out", other, ...place);
    expect(wrong.err).to.contain("error MODEL_NOT_RELEASED").and.to.contain("These rounds did: 1.");
  });

  it("is no longer served after the time that the job asks for, but by whoever serves its folder", async () => {
    const [holder] = validators;
    if (holder === undefined) throw new Error("no validator serves");
    const ended = once(holder.child, "exit");
    await passTime(2 * HOUR);
    expect(await ended).to.deep.equal([0, null]);

    const late = ["--bootstrap", addressOf(holder), "--data-dir", join(cli.folder, "late"), "--fetch-timeout", "2"];
    const refused = await cli.run("model", "fetch", "1", "--out", join(cli.folder, "late-model"), ...late);
    expect(refused.err).to.contain("error CONTENT_UNAVAILABLE").and.to.contain("repeat --bootstrap");
    expect(await readdir(cli.folder)).not.to.contain("late-model");

    const data = ["--data-dir", join(cli.folder, "stranger-data")];
    const served = await cli.start(["content", "serve", join(cli.folder, "stranger"), ...data], /^serving at /);
    const address = String(served.line.msg).replace("serving at ", "");
    expect(await fetchAs("second", address)).to.include({ round: 1 });
    const exit = once(served.child, "exit");
    served.child.kill("SIGINT");
    expect(await exit).to.deep.equal([0, null]);
    const names = ["model.safetensors", "weights.bin", "README.md", "model.json"];
    for (const name of names) {
      expect(await readFile(join(cli.folder, "second", name))).to.deep.equal(
        await readFile(join(cli.folder, "stranger", name)),
      );
    }
  });

  it("predicts by its README's Python", async function () {
    const python = await locateModelPython();
    if (python.kind === "missing") {
      process.stdout.write(`      NOT RUN: ${python.reason}\n`);
      return this.skip();
    }
    const readme = await readFile(join(cli.folder, "second", "README.md"), "utf8");
    const example = /```python\n([^]*?)\n```/.exec(readme)?.[1] ?? "";
    const { stdout } = await promisify(execFile)(python.path, ["-c", example], { cwd: join(cli.folder, "second") });
    const shares = Object.values(JSON.parse(stdout) as Record<string, number>);
    expect(shares).to.have.lengthOf(10);
    expect(shares.reduce((sum, share) => sum + share, 0)).to.be.closeTo(1, 1e-5);
  });

  /** Fetches the best model as somebody without a key and with a data folder of its own. */
  function fetchAs(name: string, bootstrap: string): Promise<Record<string, unknown>> {
    const data = ["--data-dir", join(cli.folder, `${name}-data`)];
    return cli.json("model", "fetch", "1", "--out", join(cli.folder, name), "--bootstrap", bootstrap, ...data);
  }

  async function passTime(seconds: number): Promise<void> {
    await cli.provider.send("evm_increaseTime", [seconds]);
    await cli.provider.send("evm_mine", []);
  }
});

function addressOf(started: Started | undefined): string {
  return String((started?.line.addresses as readonly string[] | undefined)?.[0]);
}

async function factsIn(folder: string): Promise<Record<string, unknown>> {
  const model = JSON.parse(await readFile(join(folder, "model.json"), "utf8")) as {
    userDefinedMetadata: Record<string, unknown>;
  };
  return model.userDefinedMetadata;
}

async function killed(started: readonly Started[]): Promise<void> {
  const ended = started.map(({ child }) => once(child, "exit"));
  for (const { child } of started) child.kill("SIGKILL");
  await Promise.all(ended);
}

/** Reads until the answer is as wanted; the last answer after half a minute, whatever it is. */
async function eventually<Answer>(read: () => Promise<Answer>, isWanted: (answer: Answer) => boolean): Promise<Answer> {
  for (let attempt = 1; ; attempt++) {
    const answer = await read().catch((error: unknown) => {
      if (attempt >= 60) throw error;
      return undefined;
    });
    if (answer !== undefined && (isWanted(answer) || attempt >= 60)) return answer;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}
