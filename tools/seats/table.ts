import { format } from "prettier";

import { MAX_SEATS, MIN_SEATS } from "@commonweight/sdk/protocol/limits";
import { quorum } from "@commonweight/sdk/protocol/consensus";
import { powersOf, type Powers } from "./powers.ts";

/** The line before the generated table, and the line after it. */
export const MARKERS = ["<!-- seats -->", "<!-- /seats -->"] as const;

const COLUMNS: readonly (readonly [head: string, power: keyof Powers])[] = [
  ["leave an update undecided", "undecided"],
  ["void an update", "voided"],
  ["move its number within the tolerance", "moved"],
  ["replace its number", "replaced"],
  ["fail the attempt by silence", "failed"],
  ["have an honest seat slashed", "slashed"],
  ["lower a number on own holdouts", "loweredOnOwn"],
  ["raise a number on own holdouts", "raisedOnOwn"],
];

/** Returns the page with the table between its markers as it has to be. */
export async function withTable(page: string): Promise<string> {
  const [begin, end] = MARKERS.map((marker) => page.indexOf(`${marker}\n`));
  if (begin === undefined || end === undefined || begin < 0 || end < begin)
    throw new Error(`the page has no ${MARKERS.join(" and ")}`);
  const before = page.slice(0, begin + MARKERS[0].length);
  return format(`${before}\n\n${seatTable()}\n\n${page.slice(end)}`, { parser: "markdown", printWidth: 160 });
}

/** The search takes seconds, and always finds the same. */
let known: string | undefined;

/** How many honest seats are absent: none, one, as many as leave a quorum. */
export function absencesOf(seats: number): readonly [number, number, number] {
  return [0, 1, seats - quorum(seats)];
}

/** One row for each size of a committee; a figure a cell for each of `absencesOf`. */
export function seatTable(): string {
  known ??= searched();
  return known;
}

function searched(): string {
  const sizes = Array.from({ length: MAX_SEATS - MIN_SEATS + 1 }, (_, index) => MIN_SEATS + index);
  return [row(["Seats", "Quorum", ...COLUMNS.map(([head]) => head)]), row(alignments()), ...sizes.map(rowOf)].join(
    "\n",
  );
}

function rowOf(seats: number): string {
  const benches = absencesOf(seats).map((absent) => powersOf({ seats, absent }));
  const cells = COLUMNS.map(([, power]) => benches.map((powers) => powers[power] ?? "-").join(" / "));
  return row([String(seats), String(quorum(seats)), ...cells]);
}

function alignments(): string[] {
  return ["", "", ...COLUMNS].map(() => "-:");
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}
