import type { DemoReport } from "./report-schema.ts";

/** One promise of the demo, and whether its report keeps it. */
export interface Promised {
  readonly text: string;
  readonly holds: boolean;
  /** The figures that were compared. */
  readonly found: string;
}

type Account = DemoReport["accounts"][number];

/** Limit for an adversary's earnings, in basis points of the trainers' pay. */
const NEXT_TO_NOTHING_BPS = 200n;
const WHOLE_BPS = 10_000n;

/** Checks a report against all promises of the demo; `honest` skips the promises about adversaries. */
export function promisesOf(report: DemoReport, honest: boolean): readonly Promised[] {
  const adversaries = honest ? [] : adversaryPromises(report);
  return [...moneyPromises(report), ...accountPromises(report), ...adversaries, ...roundPromises(report)];
}

function moneyPromises({ money, accounts, rounds }: DemoReport): readonly Promised[] {
  const { funded, paidTrainers, paidValidators, refunded, burned, left } = money;
  return [
    equal("funded = paidTrainers + paidValidators + refunded", funded, paidTrainers + paidValidators + refunded),
    equal("nothing is left in the contracts", left, 0n),
    atLeast("the job was funded", funded, 1n),
    atLeast("trainers were paid", paidTrainers, 1n),
    atLeast("validators were paid", paidValidators, 1n),
    equal("the trainers' accounts earned paidTrainers", sum(of(accounts, "trainer"), "earned"), paidTrainers),
    equal("the validators' accounts earned paidValidators", sum(of(accounts, "validator"), "earned"), paidValidators),
    equal(
      "the updates' pay is paidTrainers",
      total(
        rounds.flatMap((round) => round.updates),
        "pay",
      ),
      paidTrainers,
    ),
    equal("the accounts' losses were burned", sum(accounts, "slashed"), burned),
    atLeast("everything funded was withdrawn", sum(accounts, "withdrawn"), funded),
    atLeast("the initiator withdrew the refund", sum(of(accounts, "initiator"), "withdrawn"), refunded),
  ];
}

function accountPromises({ accounts, rounds }: DemoReport): readonly Promised[] {
  const short = accounts.filter(({ withdrawn, earned }) => withdrawn < earned);
  const slashed = accounts.filter(({ behaviour, slashed }) => behaviour === "honest" && slashed > 0n);
  const addresses = new Set(accounts.map(({ address }) => address.toLowerCase()));
  const trainers = new Set(of(accounts, "trainer").map(({ address }) => address.toLowerCase()));
  const strangers = rounds
    .flatMap(({ updates }) => updates)
    .filter(({ trainer }) => !trainers.has(trainer.toLowerCase()));
  return [
    none("everyone withdrew at least what it earned", names(short)),
    none("no honest account was slashed", names(slashed)),
    equal("every account has an address of its own", BigInt(addresses.size), BigInt(accounts.length)),
    equal("one initiator", BigInt(of(accounts, "initiator").length), 1n),
    none(
      "every update is a trainer's",
      strangers.map(({ trainer }) => trainer),
    ),
  ];
}

function adversaryPromises({ accounts, money }: DemoReport): readonly Promised[] {
  const limit = (money.paidTrainers * NEXT_TO_NOTHING_BPS) / WHOLE_BPS;
  const idle = ["noise", "replay"].map((behaviour) => {
    const found = accounts.filter((account) => account.role === "trainer" && account.behaviour === behaviour);
    const text = `${behaviour} earns less than 2 % of the trainers' pay`;
    return atMost(text, found, "earned", limit);
  });
  const liars = accounts.filter(({ role, behaviour }) => role === "validator" && behaviour === "liar");
  const holds = liars.length > 0 && liars.every(({ slashed }) => slashed > 0n);
  const found = liars.length === 0 ? "no liar" : liars.map(({ name, slashed }) => `${name}: ${slashed}`).join(", ");
  return [...idle, { text: "the liar was slashed", holds, found }];
}

function roundPromises({ rounds, wallSeconds }: DemoReport): readonly Promised[] {
  const digests = new Set(rounds.map(({ digest }) => digest));
  const versions = new Set(rounds.map(({ modelVersion }) => modelVersion));
  const dark = rounds.filter(({ accuracyBps }) => accuracyBps === 0).map(({ round }) => `round ${round}`);
  const unattested = rounds.filter(({ attesters }) => attesters === 0).map(({ round }) => `round ${round}`);
  const disordered = rounds.filter(({ round }, index) => round <= (rounds[index - 1]?.round ?? 0));
  return [
    equal("every model version has a digest of its own", BigInt(digests.size), BigInt(versions.size)),
    atLeast("a model was released", BigInt(Math.max(...versions)), 1n),
    none("every round has an accuracy", dark),
    none("every round has attesters", unattested),
    none(
      "rounds ascend",
      disordered.map(({ round }) => `round ${round}`),
    ),
    { text: "the wall time is positive", holds: wallSeconds > 0, found: `${wallSeconds} s` },
  ];
}

function equal(text: string, actual: bigint, expected: bigint): Promised {
  return { text, holds: actual === expected, found: `${actual} and ${expected}` };
}

function atLeast(text: string, actual: bigint, least: bigint): Promised {
  return { text, holds: actual >= least, found: `${actual}, at least ${least}` };
}

function none(text: string, exceptions: readonly string[]): Promised {
  return { text, holds: exceptions.length === 0, found: exceptions.length === 0 ? "all" : exceptions.join(", ") };
}

function atMost(text: string, accounts: readonly Account[], key: "earned", limit: bigint): Promised {
  const holds = accounts.length > 0 && accounts.every((account) => account[key] < limit);
  const found = accounts.length === 0 ? "no such account" : accounts.map((account) => account[key]).join(", ");
  return { text, holds, found: `${found}, below ${limit}` };
}

function of(accounts: readonly Account[], role: Account["role"]): readonly Account[] {
  return accounts.filter((account) => account.role === role);
}

function names(accounts: readonly Account[]): readonly string[] {
  return accounts.map(({ name }) => name);
}

function sum(accounts: readonly Account[], key: "earned" | "slashed" | "withdrawn"): bigint {
  return total(accounts, key);
}

function total<Key extends string>(items: readonly Readonly<Record<Key, bigint>>[], key: Key): bigint {
  return items.reduce((before, item) => before + item[key], 0n);
}
