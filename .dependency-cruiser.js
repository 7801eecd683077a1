// Who may import what: docs/architecture.md, "What may import what", as rules. `npm run lint` holds them.
//
//     sdk <- ml <- roles <- cli <- scripts, experiments        rooms (engine, content, chain, journal) import sdk
//
// Type imports count like others: a type from an adapter ties a caller to it as well.

/** What lies outside the rooms: packages, Node's own modules, the compiler's types. */
const OUTSIDE = ["^node_modules/", "^types/ethers-contracts/"];
/** Port files: the only part of a room that others see. */
const PORTS = "^trainer/(engine|content|chain|journal)/port\\.ts$";
const BUILT_IN = { dependencyTypes: ["core"] };

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
    only(
      "ml-sees-ports",
      "^trainer/ml/",
      ["^sdk/", "^trainer/ml/", PORTS],
      "Models, data and scores are computed the same way whatever adapter runs below.",
    ),
    only(
      "engine-room",
      "^trainer/engine/",
      ["^sdk/", "^trainer/engine/", "^trainer/ml/(model-layout|seeded-random)\\.ts$"],
      "An engine runs a model laid out by ml's one table and shuffles by ml's one generator; of ml it sees nothing else.",
    ),
    only("content-room", "^trainer/content/", ["^sdk/", "^trainer/content/"], "Content is bytes: it knows no job."),
    only(
      "chain-room",
      "^trainer/chain/",
      ["^sdk/", "^trainer/chain/", "^trainer/journal/port\\.ts$"],
      "A transaction is journalled before it is sent, so the chain sees the journal's port.",
    ),
    only("journal-room", "^trainer/journal/", ["^sdk/", "^trainer/journal/"], "A journal keeps records of any kind."),
    only(
      "roles-see-ports",
      "^trainer/roles/",
      ["^sdk/", "^trainer/ml/", "^trainer/roles/", PORTS],
      "Roles are handed their adapters; cli/wiring.ts picks them.",
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
      comment: "Only cli/wiring.ts and the run commands name an adapter; other commands get what it opened.",
      severity: "error",
      from: { path: "^trainer/cli/", pathNot: "^trainer/cli/(wiring|[a-z-]+-run|job-dry-run|engine)\\.ts$" },
      to: { path: "^trainer/(engine|content|chain|journal)/", pathNot: PORTS },
    },
    {
      name: "production-without-experiments-and-tests",
      comment: "Nothing that misbehaves on purpose, and nothing made for a test, is part of the program.",
      severity: "error",
      // The gas figures are measured in the same small worlds that the contracts' tests run in.
      from: { path: "^(sdk|trainer|scripts|bin)/", pathNot: "^scripts/gas\\.ts$" },
      to: { path: "^(experiments|test)/" },
    },
    {
      name: "experiments-without-tests",
      severity: "error",
      from: { path: "^experiments/" },
      to: { path: "^test/" },
    },
    {
      name: "only-deployment-carries-bytecode",
      comment: "Factories hold the contracts' bytecode; elsewhere TypeChain's output is types alone.",
      severity: "error",
      from: { pathNot: "^(scripts|test|types)/" },
      to: { path: "^types/ethers-contracts/", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "declared-packages",
      comment: "Every package that is imported stands in package.json.",
      severity: "error",
      from: { path: "^(sdk|trainer|scripts|experiments)/" },
      to: { dependencyTypes: ["npm-no-pkg", "npm-unknown", "unknown", "undetermined"] },
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
    doNotFollow: { path: ["^node_modules/", "^types/"] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "node", "default", "types"] },
  },
};
