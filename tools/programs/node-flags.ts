/** Flags that every program here runs with: node:sqlite is experimental by name, and there is no other store. */
export const NODE_FLAGS: readonly string[] = ["--disable-warning=ExperimentalWarning"];
