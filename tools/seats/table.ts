import { MAX_SEATS, MIN_SEATS } from "@commonweight/sdk/protocol/limits";
import { quorum } from "@commonweight/sdk/protocol/consensus";
import { markdownTable, withMarkedText } from "../../experiments/lab/report/marked-page.ts";
import { powersOf, type Powers } from "./powers.ts";

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
export function withSeatTable(page: string): Promise<string> {
  return withMarkedText(page, "seats", seatTable());
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
  return markdownTable(["Seats", "Quorum", ...COLUMNS.map(([head]) => head)], sizes.map(rowOf));
}

function rowOf(seats: number): readonly string[] {
  const benches = absencesOf(seats).map((absent) => powersOf({ seats, absent }));
  const cells = COLUMNS.map(([, power]) => benches.map((powers) => powers[power] ?? "-").join(" / "));
  return [String(seats), String(quorum(seats)), ...cells];
}
