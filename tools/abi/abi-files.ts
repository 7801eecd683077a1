import { readArtifact, type AbiItem } from "../../trainer/local-chain/artifacts.ts";

/** A file of `sdk/abi`. */
export interface AbiFile {
  /** File name without the extension. */
  readonly name: string;
  /** The constant that it exports. */
  readonly constant: string;
  readonly abi: readonly AbiItem[];
}

const ERC20_MEMBERS = new Set(
  "allowance approve balanceOf decimals name symbol totalSupply transfer transferFrom Approval Transfer".split(" "),
);

/**
 * Returns the ABIs that the sdk ships: each contract's own ABI plus the errors of the contracts that it calls, because
 * their reverts bubble up unchanged.
 */
export function abiFiles(): readonly AbiFile[] {
  const market = readArtifact("TrainingMarket").abi;
  const lifecycle = readArtifact("JobLifecycle").abi;
  const rounds = readArtifact("TrainingRounds").abi;
  const book = readArtifact("JobBook").abi;
  const trust = readArtifact("TrustBook").abi;
  const committees = readArtifact("Committees").abi;
  const panel = readArtifact("ScoringPanel").abi;
  const registry = readArtifact("StakeRegistry").abi;
  const wrapped = readArtifact("mocks/WrappedNative").abi;
  const token = wrapped.filter((item) => isErc20(item));
  return [
    {
      name: "training-market",
      constant: "trainingMarketAbi",
      abi: withErrorsOf(market, [lifecycle, rounds, book, token]),
    },
    { name: "job-lifecycle", constant: "jobLifecycleAbi", abi: withErrorsOf(lifecycle, [rounds, book]) },
    { name: "training-rounds", constant: "trainingRoundsAbi", abi: withErrorsOf(rounds, [lifecycle, book]) },
    { name: "job-book", constant: "jobBookAbi", abi: book },
    { name: "trust-book", constant: "trustBookAbi", abi: trust },
    { name: "scoring-panel", constant: "scoringPanelAbi", abi: withErrorsOf(panel, [lifecycle, rounds, market]) },
    { name: "committees", constant: "committeesAbi", abi: withErrorsOf(committees, [rounds, panel, registry]) },
    { name: "stake-registry", constant: "stakeRegistryAbi", abi: withErrorsOf(registry, [token]) },
    { name: "wrapped-native", constant: "wrappedNativeAbi", abi: wrapped },
    { name: "erc20", constant: "erc20Abi", abi: token },
  ];
}

function isErc20({ type, name = "" }: AbiItem): boolean {
  return type === "error" ? name.startsWith("ERC20") : ERC20_MEMBERS.has(name);
}

function withErrorsOf(own: readonly AbiItem[], called: readonly (readonly AbiItem[])[]): readonly AbiItem[] {
  const errors = [own, ...called].flat().filter(({ type }) => type === "error");
  // Error names start with their contract's name, so they are unique.
  const byName = new Map(errors.map((error) => [error.name ?? "", error]));
  const sorted = [...byName].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, error]) => error);
  return [...own.filter(({ type }) => type !== "error"), ...sorted];
}
