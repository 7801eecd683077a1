import { MAX_SEATS, MIN_SEATS } from "@commonweight/sdk/protocol/limits";
import type { LinePlot } from "../../../scripts/plot/line-plot.ts";
import { markdownTable, withMarkedText } from "../../lab/report/marked-page.ts";
import { ATTACKS, FREE, REBUILDS } from "./attacks.ts";
import { PARTIES, SHOWN, type Sample } from "./measure.ts";
import { LIST, exactChance, majorityOf, type Attack } from "./play-draw.ts";
import { ARMINGS_A_DAY, BOND, LOCK, PRIZES, REWARD, SEATS, SEAT_PAY, TRAINERS, UPDATE_PAY } from "./terms.ts";

/** One line of the tables: what somebody moves by an attack on either rule. */
interface Row {
  readonly who: string;
  readonly before: string | undefined;
  readonly after: string;
}

const READ = "has read all disclosures";
const ROWS: readonly Row[] = [
  { who: "nobody", before: "nobody", after: "nobody" },
  ...[1, 2, 4].map((slots) => ({
    who: `proposer of ${slots === 1 ? "a slot" : `${slots} slots in a row`} that drops its blocks; after: and ${READ}`,
    before: `drop-${slots}`,
    after: `drop-${slots}`,
  })),
  { who: `proposer that rebuilds its block; after: and ${READ}`, before: "rebuild", after: "rebuild" },
  { who: "the same; after: one honest salt is unsent yet", before: "rebuild", after: "blind" },
  { who: "armer of a quiet chain, once more", before: "arm-1", after: "nobody" },
  { who: "armer of a quiet chain, for a day", before: `arm-${ARMINGS_A_DAY}`, after: "nobody" },
  ...[1, 2, 3, 4, 6].map((count) => ({
    who: `${count} of ${TRAINERS} trainers that may withhold`,
    ...{ before: "nobody", after: `trainers-${count}` },
  })),
  { who: "the only trainer, choosing its block of Disclosure", before: "nobody", after: "alone" },
  { who: "seats that withhold reveals, for the confirming round", before: "nobody", after: "confirm" },
  { who: "seats silent so that the first attempt fails", before: "fail", after: "fail" },
  ...["none", "one", "as many as leave a quorum"].map((absent, index) => ({
    who: `half of the revealers on own holdouts; absent honest seats: ${absent}`,
    ...{ before: undefined, after: `half-${index}` },
  })),
];
const HEAD = [
  "Who",
  "Seats before",
  "Chance before",
  "Seats after",
  "Chance after",
  "Burned or forgone",
  "Other price",
];

/** Sums over the samples of one case. */
interface Total {
  readonly draws: number;
  readonly held: number;
  readonly won: number;
  readonly bonds: number;
  readonly locks: number;
}

/** Adds up what a party got from an attack, over all seeds. */
export function totalOf(samples: readonly Sample[], { rule, id }: Attack, party: number, seats: number): Total {
  const own = samples.filter((one) => one.rule === rule && one.attack === id);
  const sum = { draws: 0, held: 0, won: 0, bonds: 0, locks: 0 };
  for (const one of own.filter((sample) => sample.party === party && sample.seats === seats)) {
    sum.draws += one.draws;
    sum.held += one.held;
    sum.won += one.won;
    sum.bonds += one.bonds;
    sum.locks += one.locks;
  }
  return sum;
}

/** Returns docs/security.md with the short table as the samples have it. */
export function withSeedTable(page: string, samples: readonly Sample[]): Promise<string> {
  return withMarkedText(page, "seed", table(samples, SHOWN));
}

/** Returns the study's page with its figures as the samples have them. */
export async function withFigures(page: string, samples: readonly Sample[]): Promise<string> {
  const tables = PARTIES.map((party) => `${party} of ${LIST} validators:\n\n${table(samples, party)}`).join("\n\n");
  const terms = [
    `Reward ${REWARD}, a bond ${BOND}, a seat's lock ${LOCK}; an update is paid ${UPDATE_PAY.toFixed(1)} and a seat`,
    `${SEAT_PAY.toFixed(1)} a round, on average. A majority of one committee can direct ${PRIZES[0]?.toFixed(1)} to itself,`,
    `majorities of two in a row ${PRIZES[1]?.toFixed(1)} (\`commonweight job quote\`).`,
  ].join("\n");
  const sizes = `Other sizes, ${SHOWN} of ${LIST} validators:\n\n${sizeTable(samples)}`;
  return withMarkedText(page, "figures", [terms, tables, sizes].join("\n\n"));
}

function table(samples: readonly Sample[], party: number): string {
  const rows = ROWS.map(({ who, before, after }) => {
    const [old, now] = [attackOf("before", before), attackOf("after", after)!];
    const cells = [old, now].map((attack) => attack && totalOf(samples, attack, party, SEATS));
    if (cells[1]?.draws === 0) return undefined;
    return [
      who,
      ...cells.flatMap((total) => figures(total, party)),
      burned(cells[1]!, now, party),
      otherPrice(old, now),
    ];
  });
  return markdownTable(
    HEAD,
    rows.filter((cells) => cells !== undefined),
    1,
  );
}

function otherPrice(old: Attack | undefined, now: Attack): string {
  return now.price === FREE && old !== undefined ? old.price : now.price;
}

function attackOf(rule: Attack["rule"], id: string | undefined): Attack | undefined {
  return ATTACKS.find((attack) => attack.rule === rule && attack.id === id);
}

/** Seats above the party's share, and the share of draws in which it reached its goal. */
function figures(total: Total | undefined, party: number): readonly [string, string] {
  if (total === undefined || total.draws === 0) return ["", ""];
  const gain = total.held / total.draws - (SEATS * party) / LIST;
  const tenths = Math.round(10 * gain);
  return [`${tenths > 0 ? "+" : ""}${(tenths / 10 || 0).toFixed(1)}`, percent(total.won / total.draws)];
}

/** What bonds, locks and their pay come to for each majority that the fair draw would not have given. */
function burned({ draws, won, bonds, locks }: Total, attack: Attack, party: number): string {
  if (bonds + locks === 0) return "0";
  const goal = attack.goal?.(SEATS) ?? majorityOf(SEATS);
  const gained = won - draws * exactChance({ party, seats: SEATS }, goal, 1);
  const price = bonds * (BOND + UPDATE_PAY) + locks * (LOCK + SEAT_PAY);
  // Fewer than two standard errors more.
  return gained <= 2 * Math.sqrt(won) ? "unclear" : (price / gained).toFixed(0);
}

function sizeTable(samples: readonly Sample[]): string {
  const sizes = [...new Set(samples.map(({ seats }) => seats))].toSorted((a, b) => a - b);
  const ids = ["nobody", "trainers-2", "confirm", "half-2"];
  const head = ["Seats", "nobody", `2 of ${TRAINERS} trainers`, "withheld reveals", "half of a quorum, own holdouts"];
  const chance = (id: string, seats: number) => {
    const { won, draws } = totalOf(samples, attackOf("after", id)!, SHOWN, seats);
    return draws === 0 ? "" : percent(won / draws);
  };
  return markdownTable(
    head,
    sizes.map((seats) => [String(seats), ...ids.map((id) => chance(id, seats))]),
  );
}

/** The chance of a majority with the best of so many independent seeds, for every size; no draw is played. */
export function exactCsv(): string {
  const counts = [1, 2, 4, 8, 16, 64, REBUILDS];
  const sizes = Array.from({ length: MAX_SEATS - MIN_SEATS + 1 }, (_, index) => MIN_SEATS + index);
  const line = (party: number, seats: number) =>
    counts.map((count) => exactChance({ party, seats }, majorityOf(seats), count).toFixed(6));
  const rows = PARTIES.flatMap((party) => sizes.map((seats) => [party, seats, ...line(party, seats)]));
  return [["party", "seats", ...counts.map((count) => `seeds${count}`)], ...rows]
    .map((row) => `${row.join(",")}\n`)
    .join("");
}

/** Chance of a majority by the number of trainers that may withhold. */
export function seedPlot(): LinePlot {
  return {
    title: `Chance of a majority of ${SEATS} seats, by trainers that may withhold`,
    x: { title: "colluding trainers", ticks: [0, 2, 4, 6, 8, 10], digits: 0 },
    y: { title: "draws", ticks: [0, 25, 50, 75, 100], unit: "%" },
    lines: PARTIES.map((party) => ({
      label: `${party} of ${LIST} validators`,
      points: Array.from(
        { length: 11 },
        (_, count) => [count, 100 * exactChance({ party, seats: SEATS }, majorityOf(SEATS), 2 ** count)] as const,
      ),
    })),
  };
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
