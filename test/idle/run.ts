// `npm run bench:idle`: what an idle trainer and an idle validator cost, and what they ask of the chain.
// Not a test: it takes two minutes and a machine that has time for it.
import type { ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";

import Table from "cli-table3";
import { z } from "zod";

import { startChaosProxy, type ChaosProxy } from "../helpers/chaos-proxy.ts";
import { openCommandLine, smallJob, type CommandLine } from "../helpers/command-line.ts";

/** Targets: CPU as a share of one core, resident memory in MiB, requests a block. */
const CPU_TARGET = 0.01;
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

if (!existsSync("/proc/self/stat")) console.log("NOT RUN: this system has no /proc");
else process.exitCode = (await measureAll()) ? 0 : 1;

async function measureAll(): Promise<boolean> {
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
    const table = new Table({ head: ["worker", "CPU", "MiB", "requests a block", ""], style: { head: [] } });
    const verdicts = workers.map(({ name }, index) => {
      const [start, end] = [before[index], after[index]];
      if (start === undefined || end === undefined) throw new RangeError(`no readings of ${name}`);
      const cpu = (end.cpuMs - start.cpuMs) / MEASURED_MS;
      const requests = (end.requests - start.requests) / blocks;
      const isMet = cpu <= CPU_TARGET && end.mebibytes <= MEMORY_TARGET && requests <= REQUESTS_TARGET;
      table.push([name, `${(100 * cpu).toFixed(2)} %`, end.mebibytes.toFixed(0), requests.toFixed(1), verdict(isMet)]);
      return isMet;
    });
    console.log(table.toString());
    console.log(
      `${blocks} blocks; targets: CPU <= 1 %, <= ${MEMORY_TARGET} MiB, <= ${REQUESTS_TARGET} requests a block`,
    );
    return verdicts.every((isMet) => isMet);
  } finally {
    await cli.close();
    await Promise.all(proxies.map((proxy) => proxy.stop()));
  }
}

function verdict(isMet: boolean): string {
  return isMet ? "met" : "MISSED";
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
