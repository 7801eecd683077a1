/** What every program needs to find itself, its settings, a place for temporary files, and its way through a proxy. */
const COMMON = [
  ...["PATH", "PATHEXT", "HOME", "USERPROFILE", "SystemRoot", "APPDATA", "LOCALAPPDATA", "XDG_CACHE_HOME"],
  ...["XDG_CONFIG_HOME", "TMPDIR", "TMP", "TEMP", "LANG", "LC_ALL"],
];
const NETWORK = [
  ...["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy"],
  ...["SSL_CERT_FILE", "SSL_CERT_DIR", "NODE_EXTRA_CA_CERTS"],
];
const NPM = ["registry", "cache", "cafile", "userconfig", "globalconfig", "proxy", "https_proxy", "noproxy"];
const PIP = [
  "INDEX_URL",
  "EXTRA_INDEX_URL",
  "FIND_LINKS",
  "CERT",
  "CONFIG_FILE",
  "CACHE_DIR",
  "DEFAULT_TIMEOUT",
  "PROXY",
];

/** What decides how Node and TensorFlow's library run, and where the installed engine is. */
const ENGINE = [
  ...["NODE_OPTIONS", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "TF_CPP_MIN_LOG_LEVEL"],
  ...["COMMONWEIGHT_ENGINE_DIR", "XDG_DATA_HOME"],
];

/**
 * Names of the environment variables that each program of the installation gets, if they are set; `engine` is the
 * program that a worker probes its engine with.
 */
const NAMES = {
  npm: [...COMMON, ...NETWORK, ...NPM.flatMap((name) => [`npm_config_${name}`, `NPM_CONFIG_${name.toUpperCase()}`])],
  node: [...COMMON, ...NETWORK, "TFJS_NODE_CDN_STORAGE", "TFJS_NODE_BASE_URI"],
  python3: [...COMMON, ...NETWORK, "REQUESTS_CA_BUNDLE", ...PIP.map((name) => `PIP_${name}`)],
  "g++": COMMON,
  engine: [...COMMON, ...ENGINE],
};

/** A program that the installation runs. */
export type InstallProgram = Exclude<keyof typeof NAMES, "engine">;

/** Environment of one program: nothing but what it needs, so that no key or password of the operator reaches it. */
export function environmentOf(
  program: keyof typeof NAMES,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    NAMES[program].flatMap((name) => {
      const value = env[name];
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
}
