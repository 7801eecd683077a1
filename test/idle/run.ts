// `npm run bench:idle`: what an idle trainer and an idle validator cost, and what they ask of the chain.
// Not a test: it takes two minutes and a machine that has time for it, because CPU time grows where processes compete
// for caches. `--record` saves the figures for docs/evidence.md.
import type { ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";

import { z } from "zod";

import type { Figure } from "../../tools/bench/figures.ts";
import { finishGate, gateNotRun, RECORD_OPTION } from "../../tools/evidence/finish-gate.ts";
import { startChaosProxy, type ChaosProxy } from "../helpers/chaos-proxy.ts";
import { openCommandLine, smallJob, type CommandLine } from "../helpers/command-line.ts";

/** Targets: CPU in percent of one core, resident memory in MiB, requests a block. */
const CPU_TARGET = 1;
const MEMORY_TARGET = 150;
const REQUESTS_TARGET = 4;
/** Time for start-up work to end, and the time measured. */
const SETTLE_MS = 20_000;
const MEASURED_MS = 60_000;
/** Linux counts a process' time in hundredths of a second. */
const TICK_MS = 10;

const postedLine = z.object({ jobId: z.string(), addresses: z.array(z.string()) });

/** A worker with nothing to do. */
interface Worker {
  readonly name: string;
  readonly child: ChildProcess;
  readonly proxy: ChaosProxy;
}

const { values } = parseArgs({ options: { record: RECORD_OPTION } });
if (!existsSync("/proc/self/stat")) gateNotRun("this system has no /proc");
else finishGate({ gate: "idle", figures: await measureAll(), record: values.record });

async function measureAll(): Promise<readonly Figure[]> {
  const cli = await openCommandLine();
  const proxies: ChaosProxy[] = [];
  try {
    const workers = await startWorkers(cli, proxies);
    await sleep(SETTLE_MS);
    const block = await cli.provider.getBlockNumber();
    const before = await Promise.all(workers.map(readings));
    await sleep(MEASURED_MS);
    const after = await Promise.all(workers.map(readings));
    const blocks = (await cli.provider.getBlockNumber()) - block;
    return workers.flatMap(({ name }, index) => {
      const [start, end] = [before[index], after[index]];
      if (start === undefined || end === undefined) throw new RangeError(`no readings of ${name}`);
      const cpu = (end.cpuMs - start.cpuMs) / MEASURED_MS;
      const requests = (end.requests - start.requests) / blocks;
      return [
        atMost(`${name}: CPU, % of a core`, 100 * cpu, { target: CPU_TARGET, digits: 2 }),
        atMost(`${name}: resident memory, MiB`, end.mebibytes, { target: MEMORY_TARGET, digits: 0 }),
        atMost(`${name}: requests a block of one second`, requests, { target: REQUESTS_TARGET, digits: 1 }),
      ];
    });
  } finally {
    await cli.close();
    await Promise.all(proxies.map((proxy) => proxy.stop()));
  }
}

function atMost(what: string, value: number, { target, digits }: { target: number; digits: number }): Figure {
  return { what, figure: value.toFixed(digits), target: `<= ${target}`, met: value <= target };
}

/** A posted job that waits for more trainers and validators, and one of each. */
async function startWorkers(cli: CommandLine, proxies: ChaosProxy[]): Promise<readonly Worker[]> {
  const file = await cli.file("job.yaml", smallJob());
  const { line } = await cli.start(["job", "post", file, ...cli.as(0)], "job posted");
  const { jobId, addresses } = postedLine.parse(line);
  await cli.run("stake", "1", ...cli.as(2));
  const start = async (name: string, account: number, command: readonly string[], message: string) => {
    const proxy = await startChaosProxy(cli.chain.url);
    proxies.push(proxy);
    const peers = addresses.flatMap((address) => ["--bootstrap", address]);
    const args = [...command, "--job", jobId, "--rpc", proxy.url, ...peers, ...cli.as(account)];
    return { name, proxy, child: (await cli.start(args, message)).child };
  };
  return [
    await start("trainer", 1, ["trainer", "run"], "joined the job"),
    await start("validator", 2, ["validator", "run"], "done"),
  ];
}

async function readings({ child, proxy }: Worker) {
  const [stat, status] = await Promise.all([procFile(child, "stat"), procFile(child, "status")]);
  // The name of the program, in brackets, may contain blanks; user and system time are the 12th and 13th after it.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const ticks = Number(fields[11]) + Number(fields[12]);
  const kibibytes = Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]);
  return { cpuMs: ticks * TICK_MS, mebibytes: kibibytes / 1_024, requests: proxy.seen.length };
}

function procFile({ pid }: ChildProcess, name: string): Promise<string> {
  return readFile(`/proc/${pid}/${name}`, "utf8");
}
