// `npm run experiment -- NAME [OPTION ...]`: one command a study. A further one is a line here and a folder beside.

/** Every module exports `run`, which takes the arguments behind its name. */
const EXPERIMENTS: Readonly<Record<string, () => Promise<{ run(argv: readonly string[]): Promise<void> }>>> = {
  incentives: () => import("./studies/incentives/command.ts"),
  "near-clones": () => import("./studies/near-clones/command.ts"),
};

const [name = "", ...argv] = process.argv.slice(2);
const load = Object.hasOwn(EXPERIMENTS, name) ? EXPERIMENTS[name] : undefined;
if (load === undefined) {
  console.error(`experiment: which one? There are: ${Object.keys(EXPERIMENTS).join(", ")}`);
  process.exitCode = 2;
} else {
  await (await load()).run(argv);
}
