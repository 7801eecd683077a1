// Import rules: the section "What may import what" of docs/architecture.md, checked by `npm run lint`.
//
//     sdk <- model, data <- scoring, aggregation, engine <- roles <- cli <- scripts, experiments
//     tools and test see everything
//
// Type imports count too: a type from an adapter couples its user to that adapter.

/** Installed packages. */
const OUTSIDE = ["^node_modules/"];
/** Port files: the only files of an adapter's folder that other folders may import. */
const PORTS = "^trainer/(engine|content|network|chain|journal)/port\\.ts$";
const BUILT_IN = { dependencyTypes: ["core"] };

/** Files in `trainer/<name>/` may import the sdk, their own folder, `others`, packages and Node's modules. */
function room(name, others, comment) {
  return only(`${name}-room`, `^trainer/${name}/`, ["^sdk/", `^trainer/${name}/`, ...others], comment);
}

/** Files in `from` may import only `allowed`, packages and Node's modules. */
function only(name, from, allowed, comment) {
  return {
    name,
    comment,
    severity: "error",
    from: { path: from },
    to: { pathNot: [...allowed, ...OUTSIDE], dependencyTypesNot: BUILT_IN.dependencyTypes },
  };
}

/** @type {import("dependency-cruiser").IConfiguration} */
export default {
  forbidden: [
    {
      name: "no-cycles",
      comment: "Merge files that import each other, or move their common part into a third file.",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    only("sdk-alone", "^sdk/", ["^sdk/"], "The sdk depends on no other code of this project."),
    {
      name: "sdk-runs-in-browsers",
      comment: "Browsers do not have Node's modules.",
      severity: "error",
      from: { path: "^sdk/" },
      to: { dependencyTypes: ["core"] },
    },
    room("model", ["^trainer/random/"], "Tensors and model files do not depend on the code that computes with them."),
    room(
      "data",
      ["^trainer/(model|random)/", "^trainer/content/port\\.ts$"],
      "Data works with any content store, and does not depend on the code that computes with it.",
    ),
    room(
      "scoring",
      ["^trainer/(model|data|random|aggregation)/", "^trainer/engine/port\\.ts$"],
      "Scoring depends on the engine's port only, not on an engine.",
    ),
    room("aggregation", ["^trainer/(model|random)/"], "Aggregation is arithmetic on weights and needs no engine."),
    room("engine", ["^trainer/(model|random)/"], "Engines share one model layout and one random generator."),
    room(
      "content",
      ["^trainer/network/", "^trainer/(log|make-folder)\\.ts$", "^trainer/journal/durable-file\\.ts$"],
      "Content is bytes; the store knows nothing about jobs.",
    ),
    room(
      "network",
      ["^trainer/(log|make-folder)\\.ts$", "^trainer/journal/durable-file\\.ts$"],
      "The network transports content and gossip without knowing their meaning.",
    ),
    room(
      "chain",
      ["^trainer/journal/port\\.ts$", "^trainer/(log|make-folder)\\.ts$"],
      "A transaction is journalled before it is sent, so the chain needs the journal's port.",
    ),
    room(
      "local-chain",
      ["^trainer/journal/durable-file\\.ts$"],
      "A local chain is for trying things out; no worker depends on it.",
    ),
    room("journal", ["^trainer/make-folder\\.ts$"], "A journal keeps records of any kind."),
    room(
      "roles",
      ["^trainer/(model|data|random|scoring|aggregation)/", "^trainer/log\\.ts$", PORTS],
      "Roles only know ports; trainer/cli selects the adapters and passes them in.",
    ),
    {
      name: "decisions-are-pure",
      comment:
        "decide.ts is a pure function of chain view and journal: it may import only the sdk and ethers, for hashes.",
      severity: "error",
      from: { path: "^trainer/roles/.*/decide\\.ts$" },
      to: { pathNot: ["^sdk/", "^node_modules/ethers/"] },
    },
    only(
      "cli-inside",
      "^trainer/cli/",
      ["^sdk/", "^trainer/"],
      "The program does not depend on scripts or experiments.",
    ),
    {
      name: "adapters-are-picked-in-wiring",
      comment: "Only cli/wiring/, the run commands and dry-run may import adapters; other commands use cli/wiring/.",
      severity: "error",
      from: { path: "^trainer/cli/", pathNot: "^trainer/cli/(wiring/|commands/([a-z-]+-run|job/dry-run)\\.ts$)" },
      to: { path: "^trainer/(engine|content|network|chain|journal)/", pathNot: PORTS },
    },
    {
      name: "production-without-experiments-and-tests",
      comment: "The program contains no adversaries and no test code.",
      severity: "error",
      from: { path: "^(sdk|trainer|scripts|bin)/" },
      to: { path: "^(experiments|tools|test)/" },
    },
    {
      name: "experiments-without-tools-and-tests",
      severity: "error",
      from: { path: "^experiments/" },
      to: { path: "^(tools|test)/" },
    },
    {
      name: "lab-below-adversaries-and-studies",
      comment: "lab <- adversaries <- studies: the lab does not import the adversaries or the studies.",
      severity: "error",
      from: { path: "^experiments/lab/" },
      to: { path: "^experiments/(adversaries|studies)/" },
    },
    {
      name: "adversaries-below-studies",
      severity: "error",
      from: { path: "^experiments/adversaries/" },
      to: { path: "^experiments/studies/" },
    },
    {
      name: "studies-apart",
      comment: "A study's folder can be added or deleted without a change elsewhere.",
      severity: "error",
      from: { path: "^experiments/studies/([^/]+)/" },
      to: { path: "^experiments/studies/", pathNot: "^experiments/studies/$1/" },
    },
    {
      name: "lab-folders",
      comment: "driver <- lab's own files <- run, report: no circle of folders.",
      severity: "error",
      from: { path: "^experiments/lab/[^/]+$" },
      to: { path: "^experiments/lab/(run|report)/" },
    },
    {
      name: "lab-driver-alone",
      comment: "Tests and gas measurements use the job driver too, so it depends on the sdk only.",
      severity: "error",
      from: { path: "^experiments/lab/driver/" },
      to: { path: "^(experiments|trainer|scripts)/", pathNot: "^experiments/lab/driver/" },
    },
    {
      name: "lab-run-without-report",
      severity: "error",
      from: { path: "^experiments/lab/run/" },
      to: { path: "^experiments/lab/report/" },
    },
    {
      name: "only-deployment-carries-bytecode",
      comment: "TypeChain's factories contain bytecode; elsewhere only its types may be imported.",
      severity: "error",
      from: { pathNot: "^(tools|test|sdk/abi)/" },
      to: { path: "^sdk/abi/typechain/", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "declared-packages",
      comment: "Every imported package is listed in package.json.",
      severity: "error",
      from: { path: "^(sdk|trainer|scripts|tools|experiments)/" },
      to: { pathNot: "^sdk/", dependencyTypes: ["npm-no-pkg", "npm-unknown", "unknown", "undetermined"] },
    },
    {
      name: "resolvable",
      severity: "error",
      from: {},
      // tfjs-node is optional; without it, training uses WASM.
      to: { couldNotResolve: true, pathNot: "^@tensorflow/tfjs-node$" },
    },
  ],
  options: {
    // Built packages are copies of the same files.
    exclude: { path: "^(sdk|trainer)/dist/" },
    doNotFollow: { path: ["^node_modules/", "^sdk/abi/typechain/"] },
    tsPreCompilationDeps: true,
    combinedDependencies: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "node", "default", "types"] },
  },
};
