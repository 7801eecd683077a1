import { decodeBytes32String } from "ethers";

import type { Contracts } from "./contracts.ts";
import { readTokenFormats } from "./token-format.ts";
import { CommonweightError } from "../errors.ts";
import { showMoney, type TokenFormat } from "../job-file/money.ts";
import { PHASES } from "../protocol/phases.ts";

/** A decoded revert: the custom error's name and arguments. */
export interface Refusal {
  readonly error: string;
  readonly args: readonly unknown[];
}

interface Entry {
  readonly code: string;
  /** What happened, from the error's arguments. */
  readonly message: (...args: readonly unknown[]) => string;
  readonly hint: string;
  /** Where the arguments have amounts. `message` gets them in words, and the missing amount as a further argument. */
  readonly amounts?: AmountPlaces;
}

/** Positions among an error's arguments. */
interface AmountPlaces {
  /** Absent if the error does not name its token. */
  readonly token?: number;
  readonly actual: number;
  readonly needed: number;
}

/** Amounts of a token whose format is unknown. */
const SMALLEST_UNITS: TokenFormat = { decimals: 0, symbol: "smallest units" };

/**
 * Returns a user-facing error for a reverted call, with a stable code and a hint.
 *
 * @param format of the token that the error's amounts are in; without it they are in its smallest unit
 */
export function contractError(call: string, refusal: Refusal, format = SMALLEST_UNITS): CommonweightError {
  const { code, message, hint, amounts: places } = ENTRIES[refusal.error] ?? unknownRefusal(refusal);
  const told = (words: readonly unknown[]) => `${call} is refused: ${message(...words)}`;
  if (places === undefined) return new CommonweightError(code, told(refusal.args), hint);
  const [actual, needed] = [amountOf(refusal.args[places.actual]), amountOf(refusal.args[places.needed])];
  const amounts = { actual, needed, missing: needed - actual };
  const words = [...refusal.args, showMoney(amounts.missing, format)]
    .with(places.actual, showMoney(actual, format))
    .with(places.needed, showMoney(needed, format));
  return new CommonweightError(code, told(words), hint, { amounts });
}

/**
 * Like {@link contractError}, with amounts in whole tokens: reads the format of the token that the error names.
 *
 * @param token address of the call's token, for errors that name none
 */
export async function readContractError(
  contracts: Contracts,
  call: string,
  refusal: Refusal,
  token?: string,
): Promise<CommonweightError> {
  const places = ENTRIES[refusal.error]?.amounts;
  const address = places?.token === undefined ? token : String(refusal.args[places.token]);
  if (places === undefined || address === undefined) return contractError(call, refusal);
  return contractError(call, refusal, (await readTokenFormats(contracts, [address])).get(address));
}

/** Whether a custom error has its own message here. */
export function isExplained(error: string): boolean {
  return error in ENTRIES;
}

const WAIT_FOR_PHASE = "`commonweight job show JOB` prints the phase; try again once the right phase has begun.";
const DEFECT_HINT = "This is a defect of this program: please report it with the command that you ran.";
const FUND_TOKEN = "Send tokens to the account, or use less; `commonweight status` shows what it has.";

const wrongPhase: Entry = {
  code: "JOB_WRONG_PHASE",
  message: (jobId, actual) => `job ${text(jobId)} is in phase ${phaseName(actual)}`,
  hint: WAIT_FOR_PHASE,
};
const roleTaken: Entry = {
  code: "JOB_ROLE_TAKEN",
  message: (jobId, account) => `${text(account)} already has another role in job ${text(jobId)}`,
  hint: "An account has one role in a job: initiator, trainer or validator. Use another key for another role.",
};
const commitmentMismatch: Entry = {
  code: "JOB_COMMITMENT_MISMATCH",
  message: (jobId) => `the opening in job ${text(jobId)} does not match its commitment`,
  hint: "Salts derive from the key: use the key, chain and deployment of the commitment.",
};
const zeroDigest = defect("CONTRACT_ZERO_DIGEST", "a digest is zero");
const internalCaller = defect("CONTRACT_INTERNAL_CALLER", "only another contract of the market may call this");

/** Every custom error of the contracts, by its name. The codes are stable. */
const ENTRIES: Readonly<Record<string, Entry>> = {
  // Money
  Ledger_NoToken: {
    code: "TOKEN_ABSENT",
    message: (token) => `there is no token contract at ${text(token)}`,
    hint: "Give the address of an ERC-20 token on this chain.",
  },
  Ledger_InexactTransfer: {
    code: "TOKEN_INEXACT",
    message: (token, expected, actual) => `the token ${text(token)} moved ${text(actual)} instead of ${text(expected)}`,
    hint: "Tokens that take a fee or rebase are not accepted; use another token.",
    amounts: { token: 0, needed: 1, actual: 2 },
  },
  Ledger_NothingToWithdraw: {
    code: "WITHDRAW_NOTHING",
    message: (token, user) => `${text(user)} has nothing to withdraw in the token ${text(token)}`,
    hint: "`commonweight status` shows what is due and when.",
  },
  Ledger_InsufficientBalance: defect("LEDGER_BALANCE", "a ledger account has less than the amount to transfer"),
  Ledger_ZeroAddress: {
    code: "WITHDRAW_ZERO_ADDRESS",
    message: () => "the receiver is the zero address",
    hint: "Name another receiver: --to ADDRESS.",
  },
  ERC20InsufficientBalance: {
    code: "TOKEN_BALANCE",
    message: (_, balance, needed, missing) =>
      `the account has ${text(balance)} and needs ${text(needed)}; missing: ${text(missing)}`,
    hint: FUND_TOKEN,
    amounts: { actual: 1, needed: 2 },
  },
  ERC20InsufficientAllowance: {
    code: "TOKEN_ALLOWANCE",
    message: (_, allowance, needed, missing) =>
      `the allowance is ${text(allowance)}, needed are ${text(needed)}; missing: ${text(missing)}`,
    hint: "Run the command again: it approves what is needed.",
    amounts: { actual: 1, needed: 2 },
  },
  SafeERC20FailedOperation: {
    code: "TOKEN_REFUSED",
    message: (token) => `the token ${text(token)} refused the transfer`,
    hint: "Check that the address is an ERC-20 token, and that the account has enough of it.",
  },
  WrappedNative_SendFailed: {
    code: "TOKEN_UNWRAP",
    message: (to) => `${text(to)} cannot receive coins`,
    hint: "Omit --unwrap, or withdraw the wrapped coins to another account with --to ADDRESS.",
  },
  ERC20InvalidApprover: defect("TOKEN_REFUSED", "the token refuses this approver"),
  ERC20InvalidReceiver: defect("TOKEN_REFUSED", "the token refuses this receiver"),
  ERC20InvalidSender: defect("TOKEN_REFUSED", "the token refuses this sender"),
  ERC20InvalidSpender: defect("TOKEN_REFUSED", "the token refuses this spender"),
  // Jobs
  JobBook_BadParameter: {
    code: "JOB_PARAMETER",
    message: (name) => `the parameter ${asciiName(name)} is out of range`,
    hint: "Correct it in the job file; scripts/job.example.yaml documents every key.",
  },
  JobLifecycle_WrongPhase: wrongPhase,
  TrainingRounds_WrongPhase: wrongPhase,
  JobLifecycle_NotInitiator: {
    code: "JOB_NOT_INITIATOR",
    message: (jobId, caller) => `job ${text(jobId)} was not posted by ${text(caller)}`,
    hint: "Use the key that the job was posted with.",
  },
  JobLifecycle_NotMarket: internalCaller,
  JobLifecycle_NotPanel: internalCaller,
  TrainingRounds_NotLifecycle: internalCaller,
  TrainingRounds_NotMarket: internalCaller,
  JobBook_NotNamed: internalCaller,
  JobBook_NotMarket: internalCaller,
  JobBook_NotLifecycle: internalCaller,
  TrainingMarket_NotLifecycle: internalCaller,
  TrustBook_NotRounds: internalCaller,
  TrainingRounds_NotMember: {
    code: "JOB_NOT_MEMBER",
    message: (jobId, account) => `${text(account)} is not a member of job ${text(jobId)}, or not yet`,
    hint: "Members join with `commonweight trainer run`, and take part from the next round on.",
  },
  TrainingRounds_RoleTaken: roleTaken,
  TrainingRounds_Leaving: {
    code: "JOB_LEAVING",
    message: (jobId) => `the member leaves job ${text(jobId)} at the round's end`,
    hint: "Wait for the round's end, then join again.",
  },
  TrainingRounds_MustReveal: {
    code: "JOB_MUST_REVEAL",
    message: (jobId) => `an update in job ${text(jobId)} is sealed and not disclosed`,
    hint: "Run the trainer until it has disclosed its update; leaving earlier would cost the bond.",
  },
  TrainingRounds_RoundFull: {
    code: "JOB_ROUND_FULL",
    message: (jobId, most) => `the round of job ${text(jobId)} is full with ${text(most)} updates`,
    hint: "Wait for the next round.",
  },
  TrainingRounds_CommitmentMismatch: commitmentMismatch,
  TrainingRounds_ZeroDigest: zeroDigest,
  JobLifecycle_TooFew: {
    code: "JOB_TOO_FEW",
    message: (jobId) => `job ${text(jobId)} has too few trainers or validators for a round`,
    hint: "Wait for more of them; `commonweight job show JOB` says how many are missing.",
  },
  JobLifecycle_NoMoreRounds: {
    code: "JOB_NO_MORE_ROUNDS",
    message: (jobId) => `job ${text(jobId)} opens no more rounds`,
    hint: "Look for another job: `commonweight job list`.",
  },
  JobLifecycle_NotOver: {
    code: "JOB_NOT_OVER",
    message: (jobId) => `job ${text(jobId)} is not over yet`,
    hint: "It ends after its rounds, at its deadline, or by `commonweight job cancel JOB`.",
  },
  TrainingRounds_BondHeld: {
    code: "JOB_BOND_HELD",
    message: (jobId) => `the bond in job ${text(jobId)} is still locked`,
    hint: "It is free once the job is closed or the trainer has left.",
  },
  TrainingMarket_NothingEarned: {
    code: "JOB_NOTHING_EARNED",
    message: (jobId, round) => `round ${text(round)} of job ${text(jobId)} has earned nothing so far`,
    hint: "A round is paid once the next committee has confirmed it: `commonweight explain JOB`.",
  },
  TrainingRounds_NotInvited: {
    code: "JOB_NOT_INVITED",
    message: (jobId, account) => `${text(account)} is not invited to job ${text(jobId)}`,
    hint: "Use an invited key, or look for an open job: `commonweight job list`.",
  },
  TrainingRounds_QuotaUsed: {
    code: "JOB_QUOTA_USED",
    message: (jobId, quota) =>
      `the account has used its ${text(quota)} commitments in this round of job ${text(jobId)}`,
    hint: "There is nothing to do: the last one counts.",
  },
  TrainingRounds_NoHoldoutDue: {
    code: "JOB_NO_HOLDOUT_DUE",
    message: (jobId) => `job ${text(jobId)} expects no key of a shard now`,
    hint: "The public shard is due in Training, and each round's once Disclosure is over.",
  },
  TrainingRounds_PublicShardDue: {
    code: "JOB_PUBLIC_SHARD_DUE",
    message: (jobId) => `the public shard of job ${text(jobId)} is not open`,
    hint: "Wait: the initiator opens it. Until then nobody commits, and nobody loses anything.",
  },
  TrainingRounds_HoldoutDue: {
    code: "JOB_HOLDOUT_DUE",
    message: (jobId) => `the initiator of job ${text(jobId)} can still open the round's shard`,
    hint: "Draw the committee once it has, or once as much time has passed as Disclosure has.",
  },
  JobBook_OtherTerms: {
    code: "JOB_OTHER_TERMS",
    message: (jobId) => `job ${text(jobId)} is not the job that was looked at: its terms are others`,
    hint: "The chain was reorganised, or --terms names another job. Read the job again: `commonweight job show`.",
  },
  TrainingRounds_NothingToWitness: {
    code: "JOB_NOTHING_TO_WITNESS",
    message: (jobId) => `job ${text(jobId)} needs no witness now`,
    hint: "There is nothing to do: it is noted already, or the phase is not in its last third.",
  },
  JobBook_WrongKey: {
    code: "JOB_WRONG_HOLDOUT_KEY",
    message: (jobId, shard) => `the key is not that of shard ${text(shard)} of job ${text(jobId)}`,
    hint: "Use the keys that were packed with the data of this job.",
  },
  JobBook_NoShard: {
    code: "JOB_NO_SHARD",
    message: (jobId, round) => `round ${text(round)} of job ${text(jobId)} has no shard so far`,
    hint: "The first shard is drawn when the job's first round opens.",
  },
  // Committees
  Committees_NotPanel: internalCaller,
  ScoringPanel_NotCommittees: internalCaller,
  ScoringPanel_WrongPhase: wrongPhase,
  Committees_JobNotOpen: {
    code: "JOB_NOT_OPEN",
    message: (jobId) => `job ${text(jobId)} does not exist or is closed`,
    hint: "`commonweight job list` shows the jobs.",
  },
  Committees_RoleTaken: roleTaken,
  Committees_AlreadyEnlisted: {
    code: "JOB_ALREADY_ENLISTED",
    message: (jobId) => `the account is enlisted for job ${text(jobId)} already`,
    hint: "There is nothing to do.",
  },
  Committees_NotEnlisted: {
    code: "JOB_NOT_ENLISTED",
    message: (jobId) => `the account is not enlisted for job ${text(jobId)}`,
    hint: "There is nothing to do.",
  },
  Committees_ListFrozen: {
    code: "JOB_LIST_FROZEN",
    message: (jobId) => `the list of job ${text(jobId)} stands still until the round ends`,
    hint: "Leave during the next Training, or once the job is closed.",
  },
  Committees_TooFewEnlisted: {
    code: "JOB_TOO_FEW",
    message: (jobId, enlisted) => `only ${text(enlisted)} validators are enlisted for job ${text(jobId)}`,
    hint: "Wait for more of them.",
  },
  Committees_NotLifecycle: internalCaller,
  ScoringPanel_NothingToWitness: {
    code: "JOB_NOTHING_TO_WITNESS",
    message: (jobId) => `job ${text(jobId)} needs no witness now`,
    hint: "There is nothing to do: it is noted already, or the phase is not in its last third.",
  },
  ScoringPanel_NotYourSeat: {
    code: "JOB_NOT_YOUR_SEAT",
    message: (jobId, seat) => `seat ${text(seat)} of job ${text(jobId)} belongs to another account`,
    hint: "Use the key that was drawn.",
  },
  ScoringPanel_AlreadyDone: {
    code: "JOB_ALREADY_DONE",
    message: (jobId, seat) => `seat ${text(seat)} of job ${text(jobId)} has already done this`,
    hint: "There is nothing to do.",
  },
  ScoringPanel_CommitmentMismatch: commitmentMismatch,
  ScoringPanel_BadScores: defect("JOB_BAD_SCORES", "the score vector does not fit the updates"),
  ScoringPanel_ZeroDigest: zeroDigest,
  ScoringPanel_BadAttestation: defect("JOB_BAD_ATTESTATION", "these scores are out of range"),
  ScoringPanel_NoMajority: {
    code: "JOB_NO_MAJORITY",
    message: (jobId, attesters, majority) =>
      `${text(attesters)} seats of job ${text(jobId)} attested this model, ${text(majority)} are needed`,
    hint: "Wait: the attempt settles with a majority's model, or fails at its end.",
  },
  ScoringPanel_SettlementTime: {
    code: "JOB_SETTLEMENT_TIME",
    message: (jobId) => `job ${text(jobId)} can no longer be settled, or its attempt not be failed yet`,
    hint: WAIT_FOR_PHASE,
  },
  // Stake
  StakeRegistry_NotCommittees: internalCaller,
  StakeRegistry_InsufficientStake: {
    code: "STAKE_TOO_LITTLE",
    message: (...[token, , free, amount, missing]) =>
      `the free stake in the token ${text(token)} is ${text(free)}, needed are ${text(amount)}; missing: ${text(missing)}`,
    hint: "Add stake with `commonweight stake AMOUNT`; stake that is locked or thawing is not free.",
    amounts: { token: 0, actual: 2, needed: 3 },
  },
  StakeRegistry_BadThawPeriod: {
    code: "STAKE_THAW_PERIOD",
    message: (thawPeriod) => `the thaw period, ${text(thawPeriod)} s, is 0 or above 30 days`,
    hint: "Deploy with a thaw period from 1 to 2592000 seconds.",
  },
  StakeRegistry_ZeroAmount: {
    code: "STAKE_ZERO",
    message: () => "the amount is zero",
    hint: "Give an amount above 0.",
  },
  StakeRegistry_NotThawed: {
    code: "STAKE_NOT_THAWED",
    message: (_token, _validator, freeAt) => `no stake is thawing, or not free before ${timeOf(freeAt)}`,
    hint: "Withdraw after that time; `commonweight status` shows it.",
  },
  // Failures without a custom error, as the chain adapter names them.
  OUT_OF_GAS: {
    code: "CONTRACT_OUT_OF_GAS",
    message: () => "it ran out of gas",
    hint: "Run the command again: the gas is estimated again.",
  },
  NO_REASON: {
    code: "CONTRACT_REFUSED",
    message: () => "the contract gave no revert reason",
    hint: "Check that the token is an ERC-20 token, and that --deployment belongs to this chain.",
  },
};

function unknownRefusal({ error }: Refusal): Entry {
  return {
    code: "CONTRACT_REFUSED",
    message: (...args) => `${error}(${args.map(text).join(", ")})`,
    hint: "Check that --deployment has this program's contracts on this chain.",
  };
}

function defect(code: string, what: string): Entry {
  return { code, message: () => what, hint: DEFECT_HINT };
}

function phaseName(phase: unknown): string {
  return PHASES[Number(phase)] ?? text(phase);
}

function asciiName(name: unknown): string {
  return typeof name === "string" && /^0x[0-9a-f]{64}$/i.test(name) ? decodeBytes32String(name) : text(name);
}

function timeOf(seconds: unknown): string {
  return new Date(Number(seconds) * 1000).toISOString();
}

/** An amount as ABI decoding gives it. */
function amountOf(value: unknown): bigint {
  if (typeof value === "bigint") return value;
  throw new TypeError("an amount is not a bigint");
}

function text(value: unknown): string {
  return String(value).slice(0, 200);
}
