import { format } from "prettier";

/**
 * Returns a page of Markdown with a table between the lines `<!-- name -->` and `<!-- /name -->`.
 *
 * @param rows cells of the head, then of each row; all columns but those of `left` are aligned to the right
 * @param left number of columns at the left that are text
 */
export async function withMarkedTable(
  page: string,
  name: string,
  rows: readonly (readonly string[])[],
  left = 0,
): Promise<string> {
  const markers = [`<!-- ${name} -->`, `<!-- /${name} -->`] as const;
  const [begin, end] = markers.map((marker) => page.indexOf(`${marker}\n`));
  if (begin === undefined || end === undefined || begin < 0 || end < begin)
    throw new Error(`the page has no ${markers.join(" and ")}`);
  const [head = [], ...body] = rows;
  const table = [head, head.map((_, column) => (column < left ? "-" : "-:")), ...body].map(rowOf).join("\n");
  const before = page.slice(0, begin + markers[0].length);
  return format(`${before}\n\n${table}\n\n${page.slice(end)}`, { parser: "markdown", printWidth: 160 });
}

function rowOf(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}
