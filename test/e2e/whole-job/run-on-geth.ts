// Program of `npm run test:geth GETH`: plays a whole job on geth and prints what must hold of it.
import { parseArgs } from "node:util";

import { parseEther, Wallet } from "ethers";

import type { Figure } from "../../../tools/bench/figures.ts";
import { finishGate, RECORD_OPTION } from "../../../tools/evidence/finish-gate.ts";
import type { CommandLine } from "../../helpers/command-line.ts";
import { startGeth } from "../../helpers/nodes/geth.ts";
import { wholeJobFigures } from "./figures.ts";

const { values, positionals } = parseArgs({ options: { record: RECORD_OPTION }, allowPositionals: true });
const [geth] = positionals;
if (geth === undefined) throw new Error("the path of geth is missing");
const figures = await wholeJobFigures("geth", () => startGeth(geth), faucetFigures);
finishGate({ gate: "geth", figures, record: values.record });

/** More coins than an account of the test mnemonic has come from the node's own account. */
async function faucetFigures(cli: CommandLine): Promise<readonly Figure[]> {
  const coins = "20000";
  const { balance } = await cli.json("faucet", "--amount", coins, "--account", Wallet.createRandom().address);
  const met = balance === parseEther(coins).toString();
  return [{ what: "geth: units from the faucet", figure: String(balance), target: parseEther(coins).toString(), met }];
}
