// Hides only Node's warnings about experimental features: the journal needs node:sqlite, which is one.

/** Stops Node from printing ExperimentalWarning. */
export function quietExperimentalWarnings() {
  const { emitWarning } = process;
  process.emitWarning = (warning, ...rest) => {
    const type = typeof rest[0] === "object" ? rest[0]?.type : rest[0];
    if (type !== "ExperimentalWarning") emitWarning.call(process, warning, ...rest);
  };
}
