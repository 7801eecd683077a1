/** Node flags for all programs; they hide the warning that node:sqlite is experimental. */
export const NODE_FLAGS: readonly string[] = ["--disable-warning=ExperimentalWarning"];
