import { noneAllowed, type Figure } from "../../../tools/bench/figures.ts";
import type { LocalChain } from "../../../trainer/local-chain/local-chain.ts";
import { openCommandLine, smallJob, type CommandLine } from "../../helpers/command-line.ts";
import { explainJob, payEveryoneOut, playJob, TRAINERS, VALIDATORS } from "./play-job.ts";

const ROUNDS = 2;

/** State of a job as `commonweight job show --json` prints it. */
interface ShownJob {
  readonly phase: string;
  readonly money: Readonly<Record<"funded" | "trainers" | "validators" | "refunded" | "remaining", string>>;
}

/**
 * Plays a small job of two rounds on a node, with every participant as a process, until it is closed and everyone has
 * taken out what is due; returns what must hold of it.
 *
 * @param node what the figures call the node
 * @param startNode starts a chain that funds the accounts of the test mnemonic
 * @param others measures more on the same chain, after the job
 */
export async function wholeJobFigures(
  node: string,
  startNode: () => Promise<LocalChain>,
  others: (cli: CommandLine) => Promise<readonly Figure[]> = () => Promise.resolve([]),
): Promise<readonly Figure[]> {
  const start = performance.now();
  const cli = await openCommandLine(undefined, startNode);
  try {
    const { failures } = await playJob(cli, smallJob().replace("rounds: 1", `rounds: ${ROUNDS}`));
    for (const failure of failures) console.log(failure);
    const { phase, money } = (await cli.json("job", "show", "1")) as unknown as ShownJob;
    const { due, left } = await payEveryoneOut(cli);
    const rounds = await explainJob(cli);
    const dueTo = (accounts: readonly number[]) =>
      accounts.reduce((sum, account) => sum + (due.get(account) ?? 0n), 0n);
    const [trainers, validators] = [dueTo(TRAINERS), dueTo(VALIDATORS)];
    const off = [
      trainers - BigInt(money.trainers),
      validators - BigInt(money.validators),
      trainers + validators + BigInt(money.refunded) - BigInt(money.funded),
    ];
    const unpaid = [...TRAINERS, ...VALIDATORS].filter((account) => (due.get(account) ?? 0n) === 0n);
    const blocks = await cli.provider.getBlockNumber();
    const seconds = ((performance.now() - start) / 1_000).toFixed(0);
    console.log(`whole job on ${node}: chain ${cli.chain.chainId}, ${blocks} blocks, ${seconds} s`);
    return [
      { what: `${node}: phase of the job`, figure: phase, target: "closed", met: phase === "closed" },
      {
        what: `${node}: rounds with pay, and one that confirms the last`,
        figure: String(rounds.length),
        target: String(ROUNDS + 1),
        met: rounds.length === ROUNDS + 1,
      },
      noneAllowed(`${node}: commands that failed`, failures.length),
      noneAllowed(`${node}: workers without pay`, unpaid.length),
      noneAllowed(`${node}: differences from the rules' pay`, rounds.flatMap(({ differences }) => differences).length),
      noneAllowed(`${node}: sums of pay that are not exact`, off.filter((difference) => difference !== 0n).length),
      noneAllowed(`${node}: units left in the contracts`, Number(left)),
      ...(await others(cli)),
    ];
  } finally {
    await cli.close();
  }
}
