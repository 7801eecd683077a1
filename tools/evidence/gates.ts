/** A command that measures figures and compares them with targets. */
export interface Gate {
  /** Name of its results file and of its rows in docs/evidence.md. */
  readonly name: string;
  readonly command: string;
  /** What it checks, in a few words. */
  readonly shows: string;
}

/** All gates, in the order of docs/evidence.md. */
export const GATES: readonly Gate[] = [
  { name: "tests", command: "npm test", shows: "contracts, sdk, workers, tools, documents" },
  { name: "slow-tests", command: "npm run test:slow", shows: "lint, packages, processes that pay out a job" },
  { name: "access", command: "npm run test:access", shows: "who may call what, in every phase" },
  {
    name: "anvil",
    command: "npm run test:anvil",
    shows: "a whole job with real block times; reorganisations 1 to 12 blocks deep cost no honest account anything",
  },
  {
    name: "geth",
    command: "npm run test:geth -- --install",
    shows: "a whole job on geth with real block times, paid to the unit",
  },
  {
    name: "tfjs-node",
    command: "npm run test:tfjs-node -- --install",
    shows: "the faster engine installs, trains as WASM does, and shares a paid job with it",
  },
  {
    name: "kubo",
    command: "npm run test:kubo -- --install",
    shows: "workers on a real Kubo daemon, alone, mixed with others, and when it fails",
  },
  { name: "peers", command: "npm run test:peers", shows: "failures seen in other systems do not happen here" },
  { name: "symbolic", command: "npm run test:symbolic -- --install", shows: "proofs for all arguments" },
  { name: "slither", command: "npm run lint:contracts -- --install", shows: "static analysis by solhint and Slither" },
  { name: "build", command: "npm run verify:build", shows: "the committed hashes are those of the sources" },
  { name: "gas", command: "npm run gas", shows: "gas of every transaction, size of every contract" },
  { name: "differential", command: "npm run test:differential", shows: "Solidity against TypeScript" },
  { name: "differential-long", command: "npm run test:differential -- --long", shows: "the same, long" },
  { name: "fuzz", command: "npm run test:fuzz", shows: "every function, any arguments, by anyone, in any phase" },
  { name: "fuzz-long", command: "npm run test:fuzz -- --long", shows: "the same, long" },
  {
    name: "invariants",
    command: "npm run test:invariants",
    shows: "random users, hostile tokens; a stranger drains every job",
  },
  { name: "invariants-long", command: "npm run test:invariants -- --long", shows: "the same, long" },
  { name: "coverage", command: "npm run coverage", shows: "what the contracts' mocha tests reach" },
  { name: "mutation", command: "npm run test:mutation", shows: "faults planted in the contracts by a mutator" },
  {
    name: "mutation-majorities",
    command: "npm run test:mutation -- --majorities",
    shows: "every such fault in the code that counts majorities and keeps the clock",
  },
  { name: "idle", command: "npm run bench:idle", shows: "what a worker costs that has nothing to do" },
  { name: "incentives", command: "npm run experiment -- incentives", shows: "what cheating earns, 20 seeds" },
  { name: "near-clones", command: "npm run experiment -- near-clones", shows: "whether near-clones can be told apart" },
  {
    name: "source",
    command: "npm run test:file -- test/contracts/source.test.ts",
    shows: "length and documentation of the contracts",
  },
];
