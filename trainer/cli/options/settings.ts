import type { Command } from "commander";

/** One setting of every command: a flag, an environment variable or a key of the configuration file. */
export interface Setting {
  /** Key in the configuration file; the flag is the same word with hyphens. */
  readonly key: string;
  readonly flag: string;
  readonly variable?: string;
  readonly kind: "text" | "path" | "list" | "switch";
  readonly description: string;
  /** Value without any source; none for settings that may be absent. */
  readonly fallback?: string | boolean | readonly string[];
}

/** Source of some settings, from the strongest to the weakest: flags, variables, the configuration file. */
export interface Layer {
  readonly values: Readonly<Record<string, unknown>>;
  /** How messages name a setting of this source. */
  readonly nameOf: (setting: Setting) => string;
}

/** Settings of every command. `commonweight help` prints this table, and README's defaults are compared with it. */
export const SETTINGS: readonly Setting[] = [
  {
    key: "rpc",
    flag: "--rpc <url>",
    variable: "COMMONWEIGHT_RPC",
    kind: "list",
    description: "RPC endpoint; repeat for failover",
    fallback: ["http://127.0.0.1:8545"],
  },
  {
    key: "deployment",
    flag: "--deployment <file>",
    variable: "COMMONWEIGHT_DEPLOYMENT",
    kind: "path",
    description: "file with the market's addresses",
    fallback: "deployments/local.json",
  },
  {
    key: "keyFile",
    flag: "--key-file <file>",
    variable: "COMMONWEIGHT_KEY_FILE",
    kind: "path",
    description: "file with a raw private key, for local chains",
  },
  {
    key: "keystore",
    flag: "--keystore <file>",
    variable: "COMMONWEIGHT_KEYSTORE",
    kind: "path",
    description: "encrypted key of the account (keystore v3)",
  },
  {
    key: "passwordFile",
    flag: "--password-file <file>",
    variable: "COMMONWEIGHT_PASSWORD_FILE",
    kind: "path",
    description: "file with the keystore's password",
  },
  {
    key: "dataDir",
    flag: "--data-dir <folder>",
    variable: "COMMONWEIGHT_DATA_DIR",
    kind: "path",
    description: "journal and content store",
    fallback: ".commonweight",
  },
  {
    key: "bootstrap",
    flag: "--bootstrap <multiaddr>",
    variable: "COMMONWEIGHT_BOOTSTRAP",
    kind: "list",
    description: "address of a worker to connect to; repeatable",
    fallback: [],
  },
  {
    key: "listen",
    flag: "--listen <multiaddr>",
    variable: "COMMONWEIGHT_LISTEN",
    kind: "text",
    description: "address to listen on; default loopback, any port",
  },
  {
    key: "kubo",
    flag: "--kubo <url>",
    variable: "COMMONWEIGHT_KUBO",
    kind: "text",
    description: "RPC API of a running Kubo daemon to use instead of the embedded IPFS node",
  },
  {
    key: "fetchTimeout",
    flag: "--fetch-timeout <seconds>",
    variable: "COMMONWEIGHT_FETCH_TIMEOUT",
    kind: "text",
    description: "timeout for fetching one file from peers, in seconds",
    fallback: "30",
  },
  {
    key: "logLevel",
    flag: "--log-level <level>",
    variable: "COMMONWEIGHT_LOG_LEVEL",
    kind: "text",
    description: "debug, info, warn or error; default info for workers, warn for other commands",
  },
  {
    key: "mostJobs",
    flag: "--most-jobs <number>",
    variable: "COMMONWEIGHT_MOST_JOBS",
    kind: "text",
    description: "a worker without --job takes open jobs by itself, this many at the same time, 1 to 64",
  },
  {
    key: "minReward",
    flag: "--min-reward <amount>",
    variable: "COMMONWEIGHT_MIN_REWARD",
    kind: "text",
    description: "least reward of a job that it takes, in rewardToken",
    fallback: "0",
  },
  {
    key: "rewardToken",
    flag: "--reward-token <token>",
    variable: "COMMONWEIGHT_REWARD_TOKEN",
    kind: "text",
    description: "token that such a job pays in: native, or an address",
    fallback: "native",
  },
  {
    key: "maxModelBytes",
    flag: "--max-model-bytes <bytes>",
    variable: "COMMONWEIGHT_MAX_MODEL_BYTES",
    kind: "text",
    description: "largest model file of such a job, in bytes; default any",
  },
  {
    key: "initiators",
    flag: "--initiators <address>",
    variable: "COMMONWEIGHT_INITIATORS",
    kind: "list",
    description: "account whose jobs it takes, repeatable; default anybody",
    fallback: [],
  },
  { key: "json", flag: "--json", kind: "switch", description: "machine-readable output", fallback: false },
  { key: "quiet", flag: "--quiet", kind: "switch", description: "log warnings only", fallback: false },
];

/** Settings that name the account. They come from one source together, so that no two keys are mixed. */
const KEY_SETTINGS: ReadonlySet<string> = new Set(["keyFile", "keystore", "passwordFile"]);

/** Adds a flag for each setting to the program. */
export function addSettings(program: Command): void {
  const list = (value: string, before: readonly string[] = []) => [...before, value];
  for (const { flag, kind, variable, description, fallback } of SETTINGS) {
    const shown = [fallback].flat().filter((value) => typeof value === "string");
    const standard = shown.length === 0 ? "" : `; default ${shown.join(", ")}`;
    const text = `${description}${standard}${variable === undefined ? "" : ` (${variable})`}`;
    if (kind === "list") program.option(flag, text, list);
    else program.option(flag, text);
  }
}

/** Gives the settings of the command line. */
export function flagLayer(values: Readonly<Record<string, unknown>>): Layer {
  return { values, nameOf: ({ flag }) => flag.split(" ")[0] ?? flag };
}

/** Gives the settings of environment variables. An empty one counts as unset; lists are separated by commas. */
export function environmentLayer(env: NodeJS.ProcessEnv): Layer {
  const entries = SETTINGS.flatMap(({ key, kind, variable }): [string, unknown][] => {
    const text = variable === undefined ? undefined : env[variable];
    if (text === undefined || text.trim() === "") return [];
    if (kind !== "list") return [[key, text]];
    const parts = text.split(",").map((part) => part.trim());
    const filled = parts.filter((part) => part !== "");
    return filled.length === 0 ? [] : [[key, filled]];
  });
  return { values: Object.fromEntries(entries), nameOf: ({ variable, key }) => variable ?? key };
}

/** Settings with the source of each. */
export interface MergedSettings {
  readonly values: Readonly<Record<string, unknown>>;
  /** How a message names a setting: by its source. */
  readonly nameOf: (key: string) => string;
}

/** Takes each setting from the strongest layer that has it, the account's settings all from one layer. */
export function mergeSettings(layers: readonly Layer[]): MergedSettings {
  const has = (key: string) => (layer: Layer) => layer.values[key] !== undefined;
  const keyLayer = layers.find((layer) => [...KEY_SETTINGS].some((key) => has(key)(layer)));
  const sourceOf = (key: string) => (KEY_SETTINGS.has(key) ? keyLayer : layers.find(has(key)));
  const values = SETTINGS.map(({ key, fallback }): [string, unknown] => [key, sourceOf(key)?.values[key] ?? fallback]);
  return {
    values: Object.fromEntries(values),
    nameOf(key) {
      const setting = SETTINGS.find((one) => one.key === key);
      return setting === undefined ? key : (sourceOf(key)?.nameOf(setting) ?? key);
    },
  };
}

/** Explains the sources of settings and the exit statuses; `commonweight help` ends with it. */
export const SETTINGS_HELP = `
Settings: a flag comes first, then the environment variable in parentheses, then the configuration file that --config
FILE or COMMONWEIGHT_CONFIG names. It is YAML; its keys are the flags in camel case (dataDir: for --data-dir), its lists
are YAML lists, and its paths start at its own folder. The three settings of the key come from one source together. An
empty variable counts as unset.

Exit status: 0 done; also for a worker that a signal stopped, once it ended in order. 1 refused or failed, with a code
and what to do. 70 a defect of this program. 128 and the signal's number (130 for SIGINT): a signal ended it before its
result, or a second signal ended it at once.`;
