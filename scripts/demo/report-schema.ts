import { z } from "zod";

import { addressText as address } from "@commonweight/sdk/address";

/** An amount in the token's smallest unit, as decimal digits. */
const amount = z.string().regex(/^\d+$/, "expected decimal digits").transform(BigInt);
const digest = z.string().regex(/^0x[0-9a-f]{64}$/, "expected 32 bytes in hexadecimal");
const count = z.int().min(0);
const seconds = z.number().min(0);

const update = z.strictObject({
  trainer: address,
  scoreBps: z.int(),
  trustBps: z.int(),
  pay: amount,
  verdict: z.string().min(1),
});

const round = z.strictObject({
  round: z.int().min(1),
  modelVersion: count,
  digest,
  modelCid: z.string().min(1),
  accuracyBps: z.int().min(0).max(10_000),
  attesters: count,
  updates: z.array(update),
});

const account = z.strictObject({
  name: z.string().min(1),
  address,
  role: z.enum(["initiator", "trainer", "validator"]),
  behaviour: z.enum(["honest", "noise", "replay", "liar"]),
  earned: amount,
  slashed: amount,
  withdrawn: amount,
});

/** Schema of the demo's `report.json`. */
export const demoReport = z.strictObject({
  job: z.record(z.string(), z.unknown()),
  engine: z.enum(["wasm", "tfjs-node"]),
  content: z.literal("helia"),
  chain: z.literal("hardhat"),
  wallSeconds: seconds,
  installSeconds: seconds,
  /** Share of the rounds' wall time outside the training and scoring on the critical path. */
  overheadShare: z.number().min(0).max(1),
  rounds: z.array(round).min(1),
  accounts: z.array(account).min(1),
  money: z.strictObject({
    /** The reward: paidTrainers + paidValidators + refunded. */
    funded: amount,
    paidTrainers: amount,
    paidValidators: amount,
    /** Slashed stake and forfeited bonds. */
    burned: amount,
    refunded: amount,
    /** Token balance of all contracts without the burned amount, after all withdrawals. */
    left: amount,
  }),
});

/** A parsed report: amounts are bigints. */
export type DemoReport = z.output<typeof demoReport>;
