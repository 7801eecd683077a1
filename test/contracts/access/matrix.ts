import type { World } from "../../helpers/contracts/world.ts";
import { CALLS, type Scene } from "./calls.ts";
import { changingFunctions, gapsOf } from "./functions.ts";
import { ROLES, STAGES, type Role, type Stage } from "./roles.ts";
import { Story } from "./story.ts";
import { type Grants, TABLE, functionOf, isGranted } from "./table.ts";

/** Result of the matrix. */
export interface AccessFigures {
  readonly functions: number;
  readonly roles: number;
  readonly stages: number;
  readonly cells: number;
  /** Number of calls that succeeded as expected. */
  readonly granted: number;
  /** Cells in which the result differs from the table. */
  readonly unexpected: readonly string[];
  /** Functions without a row, rows without a function, rows that grant nothing. */
  readonly gaps: readonly string[];
}

interface Cell {
  readonly row: string;
  readonly grants: Grants;
  readonly role: Role;
  readonly stage: Stage;
}

/** A contract that the matrix calls. */
interface Target {
  readonly interface: { encodeFunctionData(name: string, values: readonly unknown[]): string };
  getAddress(): Promise<string>;
}

/** A number that no job has. */
const NO_JOB = 99n;
/** Stages after which the story returns to the stage before. */
const BRANCHES: readonly Stage[] = ["lapsed", "stuck"];
const GAS = "0x989680";

/** Tries every row of the table in every role at every stage of a job. */
export async function tryAccess(): Promise<AccessFigures> {
  const functions = await changingFunctions();
  const story = await Story.posted();
  const unexpected: string[] = [];
  let [cells, granted] = [0, 0];
  for (const stage of STAGES) {
    const { helpers } = story.job.world.chain;
    const snapshot = BRANCHES.includes(stage) ? await helpers.takeSnapshot() : undefined;
    await story.enter(stage);
    for (const cell of cellsOf(stage)) {
      const failure = await attempt(story, cell);
      const expected = isGranted(cell.grants, cell.role, stage);
      cells += 1;
      if (failure === undefined && expected) granted += 1;
      if ((failure === undefined) !== expected) unexpected.push(shown(cell, failure));
    }
    await snapshot?.restore();
  }
  const [roles, stages] = [ROLES.length, STAGES.length];
  return { functions: functions.length, roles, stages, cells, granted, unexpected, gaps: gapsOf(functions, TABLE) };
}

function cellsOf(stage: Stage): Cell[] {
  return Object.entries(TABLE).flatMap(([row, grants]) => ROLES.map((role) => ({ row, grants, role, stage })));
}

/** Simulates a call without changing state; returns its error, or `undefined` if it succeeds. */
async function attempt(story: Story, { row, role, stage }: Cell): Promise<string | undefined> {
  const { world, terms, id } = story.job;
  const caller = await story.address(role);
  const scene: Scene = { story, role, stage, caller, token: terms.token, id: stage === "absent" ? NO_JOB : id };
  const [contract = "", name = ""] = functionOf(row).split(".");
  const target = targetOf(world, contract);
  const data = target.interface.encodeFunctionData(name, (await CALLS[row]?.(scene)) ?? []);
  const call = { from: caller, to: await target.getAddress(), data, gas: GAS };
  return world.chain.ethers.provider.send("eth_call", [call, "latest"]).then(() => undefined, revertOf);
}

/** Returns a revert's error; rethrows other errors, which are defects of the test. */
function revertOf(error: unknown): string {
  if (error instanceof Error && /revert|panic/i.test(error.message)) return error.message;
  throw new Error("the call could not be made", { cause: error });
}

function targetOf(
  { market, lifecycle, rounds, committees, panel, registry, book, trust }: World,
  contract: string,
): Target {
  const targets: Readonly<Record<string, Target>> = {
    TrainingMarket: market,
    JobLifecycle: lifecycle,
    TrainingRounds: rounds,
    Committees: committees,
    ScoringPanel: panel,
    StakeRegistry: registry,
    JobBook: book,
    TrustBook: trust,
  };
  const target = targets[contract];
  if (target === undefined) throw new Error(`no contract ${contract} in the world`);
  return target;
}

function shown({ row, role, stage }: Cell, failure: string | undefined): string {
  const what = failure === undefined ? "succeeds and must not" : `fails and must not: ${failure}`;
  return `${row} by ${role} at ${stage} ${what}`;
}
