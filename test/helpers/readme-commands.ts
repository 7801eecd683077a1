import { readFileSync } from "node:fs";
import { join } from "node:path";

import { ROOT } from "../../tools/programs/run-tool.ts";

/** A line of an indented block, without its comment. */
const BLOCK_LINE = /^ {4}((?:npm|npx|export) .*?)(?: +#.*)?$/gm;
/** A command in backquotes; it may be broken over two lines. */
const CODE_SPAN = /`((?:npm|npx) [^`]+)`/g;

/** Commands that a step of `.ci/run` or a gate of docs/evidence.md runs, by its name. */
export const RUN_ELSEWHERE: Readonly<Record<string, string>> = {
  "npm run demo": "demo",
  "npm run demo -- --rounds 8 --seed 2": "demo",
  "npm run demo -- --dataset FOLDER": "demo",
  "npm run demo -- --holdout sealed": "slow tests",
  "npm test": "tests",
  "npm run test:slow": "slow tests",
  "npm run lint": "slow tests",
  "npm run packages": "slow tests",
  "npm pack -w @commonweight/sdk -w commonweight": "slow tests",
  "npm run lint:contracts": "slither",
  "npm run coverage": "coverage",
  "npm run test:fuzz": "fuzz",
  "npm run test:invariants": "invariants",
  "npm run test:mutation": "mutation",
  "npm run test:access": "access",
  "npm run test:peers": "peers",
  "npm run test:anvil": "anvil",
  "npm run test:geth": "geth",
  "npm run test:kubo": "kubo",
  "npm run test:tfjs-node": "tfjs-node",
  "npx commonweight engine install": "tfjs-node",
  "npx commonweight model fetch 1 --rpc URL --deployment FILE --bootstrap ADDRESS": "slow tests",
  "npx commonweight content serve model": "slow tests",
  "npm run test:differential": "differential",
  "npm run test:symbolic": "symbolic",
  "npm run gas": "gas",
  "npm run verify:build": "build",
  "npm run verify:build -- --deployment FILE --rpc URL": "build",
  "npm run experiment -- incentives": "incentives",
  "npm run experiment -- near-clones": "near-clones",
};

/** Commands that no test runs, with the reason. */
export const NOT_RUN: Readonly<Record<string, string>> = {
  "npm run bench": "it measures this machine for minutes; `npm run gas`, a part of it, is a step of `.ci/run`",
  "npm run bench:idle": "it measures idle workers for minutes",
  "npm run experiment -- seed": "it simulates draws for minutes; test/experiments/seed.test.ts runs its parts",
};

/** Commands that test/e2e/readme.test.ts runs in this order on a fresh copy of the repository. */
export const RUN_BY_TEST = [
  "npm run demo -- --help",
  "npx commonweight chain",
  "export COMMONWEIGHT_KEY_FILE=.commonweight/local-keys/account-0",
  "npx commonweight data pack FOLDER",
  "npx commonweight job dry-run job.yaml",
  "npx commonweight job quote job.yaml",
  "npx commonweight job post job.yaml",
  "npx commonweight job watch 1",
  "npx commonweight model fetch 1",
  "export COMMONWEIGHT_KEY_FILE=.commonweight/local-keys/account-1",
  "npx commonweight engine check",
  "npx commonweight trainer run --job 1",
  "npx commonweight stake 5",
  "npx commonweight validator run --job 1",
  "npx commonweight status",
  "npx commonweight explain 1",
  "npx commonweight thaw all",
  "npx commonweight withdraw",
  "npm run deploy -- --rpc URL --keystore FILE --password-file FILE --wrapped-native ADDRESS",
] as const;

/** A command of the README that the test runs. */
export type ReadmeCommand = (typeof RUN_BY_TEST)[number];

/** Returns the text of README.md. */
export function readmeText(): string {
  return readFileSync(join(ROOT, "README.md"), "utf8");
}

/** Returns a page's commands, each once: those in indented blocks, and those in backquotes. */
export function commandsOf(page: string): readonly string[] {
  const lines = [...page.matchAll(BLOCK_LINE)].map(([, command = ""]) => command.trim());
  const spans = [...page.matchAll(CODE_SPAN)].map(([, command = ""]) => command.replaceAll(/\s+/g, " "));
  return [...new Set([...lines, ...spans])];
}

/** Returns the README's job file, the YAML block. */
export function readmeJobFile(page: string): string {
  const [, yaml] = /^```yaml\n(.*?)^```$/ms.exec(page) ?? [];
  if (yaml === undefined) throw new Error("README.md has no job file");
  return yaml;
}
