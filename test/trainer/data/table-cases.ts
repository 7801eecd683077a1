/** Sixty rows of three classes with four values each, and a label as the last cell. */
export function rows(label: (klass: number) => string = String): string[] {
  return Array.from({ length: 60 }, (_, row) => {
    const klass = row % 3;
    const noise = (at: number) => ((row * 37 + at * 11) % 100) / 100;
    return [0, 1, 2, 3].map((at) => (klass + noise(at)).toFixed(3)).join(",") + `,${label(klass)}`;
  });
}

/** The rows as a file with a header. */
export function fileOf(header: string | undefined, lines: readonly string[], end = "\n"): string {
  return [...(header === undefined ? [] : [header]), ...lines].join(end) + end;
}

/** Moves the last cell of a row to the front. */
export function labelFirst(line: string): string {
  const cells = line.split(",");
  return [cells.at(-1), ...cells.slice(0, -1)].join(",");
}
