import { format } from "prettier";

/**
 * Returns a page in Markdown with `text` between the lines `<!-- name -->` and `<!-- /name -->`, formatted.
 *
 * @throws Error the page lacks them
 */
export async function withMarkedText(page: string, name: string, text: string): Promise<string> {
  const [first, last] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [begin, end] = [page.indexOf(`${first}\n`), page.indexOf(`${last}\n`)];
  if (begin < 0 || end < begin) throw new Error(`the page has no ${first} and ${last}`);
  const before = page.slice(0, begin + first.length);
  return format(`${before}\n\n${text}\n\n${page.slice(end)}`, { parser: "markdown", printWidth: 160 });
}

/** A table in Markdown. All columns hold numbers, which end flush, but for so many texts at its beginning. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[], texts = 0): string {
  const alignments = head.map((_, column) => (column < texts ? "-" : "-:"));
  return [head, alignments, ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}
