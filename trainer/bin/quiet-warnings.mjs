// Of Node's own warnings only those about experimental parts are left out: node:sqlite is one, and there is no other
// store.

/** Stops Node from printing that a part of it is experimental. */
export function quietExperimentalWarnings() {
  const { emitWarning } = process;
  process.emitWarning = (warning, ...rest) => {
    const type = typeof rest[0] === "object" ? rest[0]?.type : rest[0];
    if (type !== "ExperimentalWarning") emitWarning.call(process, warning, ...rest);
  };
}
