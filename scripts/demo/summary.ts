import Table from "cli-table3";

import { accuracyBar, coins } from "./live.ts";
import type { AccountReport, Report } from "./report.ts";

/** The demo's final output: accuracy by round, each account's money with the reason, and further commands. */
export function summaryOf(report: Report, out: string): string {
  const { money } = report;
  return [
    "",
    "Accuracy of the released models",
    ...report.rounds.map(
      ({ round, accuracyBps }) => `  round ${String(round).padStart(2)}  ${accuracyBar(accuracyBps)}`,
    ),
    "",
    accountTable(report),
    "",
    `funded ${coins(BigInt(money.funded))} = trainers ${coins(BigInt(money.paidTrainers))} + validators ${coins(BigInt(money.paidValidators))} + refunded ${coins(BigInt(money.refunded))}`,
    `burned ${coins(BigInt(money.burned))}; left in the contracts after all withdrawals: ${money.left}`,
    `${report.wallSeconds.toFixed(0)} s in total; ${(100 * report.overheadShare).toFixed(0)} % of the rounds' time was not training or scoring; engine ${report.engine}`,
    "",
    `Written to ${out}: report.json, curve.svg, model/ (model.safetensors; model.json for tf.loadLayersModel)`,
    "Try next:",
    "  npm run demo -- --honest                  the same without adversaries",
    "  npm run demo -- --dataset FOLDER          your own images: an IDX pair, or CSV with the label last",
    "  npm run demo -- --trainers 8 --rounds 6   more trainers and rounds",
    "  docs/protocol.md                          the protocol, and why no participant can take the money",
    "",
  ].join("\n");
}

function accountTable(report: Report): string {
  const table = new Table({
    head: ["account", "behaviour", "earned", "slashed", "withdrew", "reason"],
    style: { head: [], border: [] },
  });
  for (const account of report.accounts) {
    const { name, behaviour, earned, slashed, withdrawn } = account;
    table.push([name, behaviour, amount(earned), amount(slashed), amount(withdrawn), reasonFor(account, report)]);
  }
  return table.toString();
}

function amount(text: string): string {
  return text === "0" ? "-" : coins(BigInt(text)).replace(" coins", "");
}

function reasonFor({ role, address, earned, slashed }: AccountReport, report: Report): string {
  switch (role) {
    case "initiator":
      return "gets the unearned reward back";
    case "validator":
      if (slashed !== "0") {
        const burned = "scored outside the band: part of its lock is burned";
        return earned === "0" ? burned : `${burned}; earned for a seat in the band, or for attesting the model`;
      }
      return earned === "0"
        ? "had no seat, or no other seat had the same fingerprint"
        : "scored in the band, attested the model";
    case "trainer": {
      const scores = report.rounds.flatMap(({ updates }) =>
        updates.filter(({ trainer }) => trainer === address).map(({ scoreBps }) => scoreBps),
      );
      return scores.length === 0 ? "submitted no update" : `scored ${scores.join(", ")}`;
    }
  }
}
