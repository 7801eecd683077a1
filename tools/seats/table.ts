import { MAX_SEATS, MIN_SEATS } from "@commonweight/sdk/protocol/limits";
import { quorum } from "@commonweight/sdk/protocol/consensus";
import { withMarkedTable } from "../tables/marked-table.ts";
import { powersOf, type Powers } from "./powers.ts";

const COLUMNS: readonly (readonly [head: string, power: keyof Powers])[] = [
  ["leave an update undecided", "undecided"],
  ["void an update", "voided"],
  ["move its number within the tolerance", "moved"],
  ["replace its number", "replaced"],
  ["fail the attempt by silence", "failed"],
  ["have an honest seat slashed", "slashed"],
  ["replace a number on own holdouts", "replacedOnOwn"],
];

/** Returns the page with the table between its markers as it has to be. */
export async function withSeatTable(page: string): Promise<string> {
  return withMarkedTable(page, "seats", seatRows());
}

/** One row for each size of a committee; two figures a cell: all honest seats there, and one of them absent. */
function seatRows(): readonly (readonly string[])[] {
  const sizes = Array.from({ length: MAX_SEATS - MIN_SEATS + 1 }, (_, index) => MIN_SEATS + index);
  return [["Seats", "Quorum", ...COLUMNS.map(([head]) => head)], ...sizes.map(rowOf)];
}

function rowOf(seats: number): readonly string[] {
  const [all, without] = [0, 1].map((absent) => powersOf({ seats, absent }));
  const cells = COLUMNS.map(([, power]) => `${all?.[power] ?? "-"} / ${without?.[power] ?? "-"}`);
  return [String(seats), String(quorum(seats)), ...cells];
}
