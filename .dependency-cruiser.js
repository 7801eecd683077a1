// Who may import what: docs/architecture.md, "What may import what", as rules. `npm run lint` holds them.
//
//     sdk <- model, data <- scoring, aggregation, engine <- roles <- cli <- scripts, experiments
//     tools and test see everything
//
// Type imports count like others: a type from an adapter ties a caller to it as well.

/** What lies outside the rooms: packages and Node's own modules. */
const OUTSIDE = ["^node_modules/"];
/** Port files: the only part of an adapter's room that others see. */
const PORTS = "^trainer/(engine|content|network|chain|journal)/port\\.ts$";
const BUILT_IN = { dependencyTypes: ["core"] };

/** Files in `room` import the sdk, their own room, `others`, packages and Node's own modules. */
function room(name, others, comment) {
  return only(`${name}-room`, `^trainer/${name}/`, ["^sdk/", `^trainer/${name}/`, ...others], comment);
}

/** Files in `from` import nothing but `allowed`, packages and Node's own modules. */
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
      comment: "Two files that need each other are one file, or hide a third.",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    only("sdk-alone", "^sdk/", ["^sdk/"], "What contract and TypeScript must agree on depends on nothing of ours."),
    {
      name: "sdk-runs-in-browsers",
      comment: "A browser has no node: modules.",
      severity: "error",
      from: { path: "^sdk/" },
      to: { dependencyTypes: ["core"] },
    },
    room("model", ["^trainer/random/"], "A model's tensors and files stand below everything that computes with them."),
    room(
      "data",
      ["^trainer/(model|random)/", "^trainer/content/port\\.ts$"],
      "Data is published and fetched by any content store, and knows nothing that computes with it.",
    ),
    room(
      "scoring",
      ["^trainer/(model|data|random|aggregation)/", "^trainer/engine/port\\.ts$"],
      "Scores are computed in the same way on every engine.",
    ),
    room("aggregation", ["^trainer/(model|random)/"], "Aggregation is arithmetic over weights; no engine takes part."),
    room(
      "engine",
      ["^trainer/(model|random)/"],
      "An engine runs a model laid out by one table, shuffled by one generator.",
    ),
    room(
      "content",
      ["^trainer/network/", "^trainer/log\\.ts$", "^trainer/journal/durable-file\\.ts$"],
      "Content is bytes: it knows no job.",
    ),
    room(
      "network",
      ["^trainer/log\\.ts$", "^trainer/journal/durable-file\\.ts$"],
      "The network carries content and gossip, and knows neither.",
    ),
    room(
      "chain",
      ["^trainer/journal/port\\.ts$", "^trainer/log\\.ts$"],
      "A transaction is journalled before it is sent, so the chain sees the journal's port.",
    ),
    room("journal", [], "A journal keeps records of any kind."),
    room(
      "roles",
      ["^trainer/(model|data|random|scoring|aggregation)/", "^trainer/log\\.ts$", PORTS],
      "Roles are handed their adapters; cli picks them.",
    ),
    {
      name: "decisions-are-pure",
      comment:
        "decide.ts is a function of the chain's view and the journal: it sees the sdk, and of packages only ethers' hash.",
      severity: "error",
      from: { path: "^trainer/roles/.*/decide\\.ts$" },
      to: { pathNot: ["^sdk/", "^node_modules/ethers/"] },
    },
    only("cli-inside", "^trainer/cli/", ["^sdk/", "^trainer/"], "The program stands without scripts and experiments."),
    {
      name: "adapters-are-picked-in-wiring",
      comment: "Only cli/wiring/ and the run commands name an adapter; other commands get what it opened.",
      severity: "error",
      from: { path: "^trainer/cli/", pathNot: "^trainer/cli/(wiring/|commands/([a-z-]+-run|job/dry-run)\\.ts$)" },
      to: { path: "^trainer/(engine|content|network|chain|journal)/", pathNot: PORTS },
    },
    {
      name: "production-without-experiments-and-tests",
      comment: "Nothing that misbehaves on purpose, and nothing made for a test, is part of the program.",
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
      comment: "lab <- adversaries <- studies: the laboratory knows nobody that it examines.",
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
      comment: "A study is a folder that can be added and deleted without a change elsewhere.",
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
      comment: "The driver of jobs serves tests and gas as well: it sees the sdk alone.",
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
      comment: "Factories hold the contracts' bytecode; elsewhere TypeChain's output is types alone.",
      severity: "error",
      from: { pathNot: "^(tools|test|sdk/abi)/" },
      to: { path: "^sdk/abi/typechain/", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "declared-packages",
      comment: "Every package that is imported stands in package.json.",
      severity: "error",
      from: { path: "^(sdk|trainer|scripts|tools|experiments)/" },
      to: { pathNot: "^sdk/", dependencyTypes: ["npm-no-pkg", "npm-unknown", "unknown", "undetermined"] },
    },
    {
      name: "resolvable",
      severity: "error",
      from: {},
      // tfjs-node is optional: where it does not load, WASM trains.
      to: { couldNotResolve: true, pathNot: "^@tensorflow/tfjs-node$" },
    },
  ],
  options: {
    // Built packages: the same files once more.
    exclude: { path: "^(sdk|trainer)/dist/" },
    doNotFollow: { path: ["^node_modules/", "^sdk/abi/typechain/"] },
    tsPreCompilationDeps: true,
    combinedDependencies: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "node", "default", "types"] },
  },
};
