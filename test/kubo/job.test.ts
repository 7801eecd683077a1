import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { expect } from "chai";

import type { ExplainedRound } from "@commonweight/sdk/chain/explain-round";
import { openCommandLine, smallJob, type CommandLine } from "../helpers/command-line.ts";
import { startKubo, type KuboDaemon } from "../helpers/kubo-daemon.ts";

const TRAINERS = [1, 2, 3];
const VALIDATORS = [4, 5, 6];
/** The workers that use a daemon, and which: half of all; the validators share one. */
const DAEMON_OF: Readonly<Record<number, number>> = { 3: 0, 5: 1, 6: 1 };

describe("a job of which half of the workers use Kubo", function () {
  this.timeout(600_000);
  let cli: CommandLine;
  let daemons: readonly KuboDaemon[];
  before(async () => {
    daemons = [await startKubo(), await startKubo()];
    cli = await openCommandLine();
  });
  after(async () => {
    await cli.close();
    await Promise.all(daemons.map((daemon) => daemon.close()));
  });

  /** Key and content store of a worker. */
  function worker(account: number): readonly string[] {
    const daemon = daemons[DAEMON_OF[account] ?? -1];
    return [...cli.as(account), ...(daemon === undefined ? [] : ["--kubo", daemon.url])];
  }

  it("is closed, scored alike by all, and paid", async () => {
    const job = smallJob().replace("rounds: 1", "rounds: 2");
    const post = ["job", "post", await cli.file("job.yaml", job), ...cli.as(0)];
    const { child: initiator, line } = await cli.start(post, "job posted");
    const ended = once(initiator, "exit");
    const options = ["--job", String(line.jobId), "--bootstrap", String((line.addresses as readonly string[])[0])];
    const runs = await Promise.all([
      ...TRAINERS.map((account) => cli.run("trainer", "run", "--engine", "wasm", ...options, ...worker(account))),
      ...VALIDATORS.map(async (account) => {
        await cli.run("stake", "0.5", ...cli.as(account));
        return cli.run("validator", "run", ...options, ...worker(account));
      }),
    ]);
    expect(runs.map(({ status, err }) => status ?? err)).to.deep.equal([0, 0, 0, 0, 0, 0]);
    expect(await ended).to.deep.equal([0, null]);
    const { rounds } = (await cli.json("explain", "1")) as unknown as { rounds: readonly ExplainedRound[] };
    expect(rounds.map(({ differences }) => differences)).to.deep.equal([[], [], []]);
    for (const { attempts } of rounds.slice(0, 2)) {
      expect(attempts[0]?.updates).to.have.lengthOf(TRAINERS.length);
      expect(attempts[0]?.seats.map(({ inBand }) => inBand)).to.deep.equal(VALIDATORS.map(() => TRAINERS.length));
    }
    for (const account of [...TRAINERS, ...VALIDATORS]) {
      const { due } = (await cli.json("status", ...cli.as(account))) as { due: readonly { amount: string }[] };
      expect(due, `account ${account} earned`).to.have.length.above(0);
    }
  });

  it("leaves its model with the daemons, from which a reader gets it", async () => {
    const out = join(cli.folder, "model");
    await cli.json("model", "fetch", "1", "--out", out, ...worker(5));
    expect(await readFile(join(out, "model.safetensors"), "latin1")).to.contain("layer0.kernel");
  });
});
