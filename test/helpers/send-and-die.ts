// Sends one call, and kills itself as soon as the signed transaction is journalled. Run by
// test/trainer/chain/evm.test.ts.
import { Wallet } from "ethers";

import { openEvmChain } from "../../trainer/chain/evm.ts";
import type { Journal } from "../../trainer/journal/port.ts";
import { fileJournal } from "./file-journal.ts";
import { silentLog } from "../../trainer/log.ts";

const [url = "", key = "", path = "", to = ""] = process.argv.slice(2);
const file = fileJournal(path);
const journal: Journal = {
  ...file,
  record: (name, value) => {
    file.record(name, value);
    process.kill(process.pid, "SIGKILL");
  },
};
const chain = await openEvmChain({
  rpcUrls: [url],
  wallet: new Wallet(key),
  pollMs: 20,
  journal,
  interfaces: [],
  log: silentLog,
});
await chain.send({ label: "pay", to, data: "0x", value: 1n }, new AbortController().signal);
