import type { Command } from "commander";
import { formatUnits } from "ethers";
import { z } from "zod";

import { readShortPeriods } from "@commonweight/sdk/chain/depth";
import { canonicalJson } from "@commonweight/sdk/spec/canonical-json";
import { formatProblem } from "@commonweight/sdk/job-file/job-file-error";
import { showMoney } from "@commonweight/sdk/job-file/money";
import type { JobParams } from "@commonweight/sdk/protocol/job-params";
import { providerOf } from "@commonweight/sdk/chain/job-events";
import { readToken, type TokenInfo } from "@commonweight/sdk/chain/token-format";
import { postJob } from "../../../roles/initiator/post-job.ts";
import { prepareJob, resolvePrepared } from "../../../roles/initiator/prepare-job.ts";
import { payBelowGas } from "../../../roles/initiator/quote.ts";
import { publishJob } from "../../../roles/initiator/publish-job.ts";
import { runInitiator, type InitiatorModules } from "../../../roles/initiator/run.ts";
import { loadJobData, readJobFile } from "../../inputs/job-file-data.ts";
import { logReport } from "../../inputs/own-data.ts";
import { MODELS_HELP, modelsFolder } from "../../options/models-folder.ts";
import { parseCommonOptions, parseOptions, type CommonOptions } from "../../options/options.ts";
import { invitationLines, isLoopbackOnly, type InvitationLines } from "../../text/invitation.ts";
import { startLines } from "../../text/start-lines.ts";
import { modelShelf } from "../../wiring/model-folder.ts";
import { drained, untilInterrupted } from "../../wiring/until-interrupted.ts";
import { openScoringEngine } from "../../wiring/scoring-engine.ts";
import { withWorker } from "../../wiring/worker.ts";

const options = z.object({ serve: z.boolean(), again: z.boolean(), models: z.string().min(1).optional() });

/** Warning for `--no-serve` with a sealed holdout: no process is left to open it. */
const ABSENT =
  "this account must open the holdout of every round, or its bond burns: run this again without --no-serve";

/** Message where the file's job is on the chain already: nothing is paid again. */
const KNOWN = "this job was posted before; `--again` posts another one";

type PostingOptions = z.infer<typeof options>;

/** Hint where only this machine reaches the node. */
const LOCAL_ONLY =
  "only this machine reaches these addresses: for others, listen on a public one, such as --listen /ip4/0.0.0.0/tcp/4001";

/** `commonweight job post`: publishes, funds and posts a job, then serves its files and released models. */
export function addJobPost(parent: Command): void {
  parent
    .command("post")
    .argument("<file>", "the job file, such as job.yaml")
    .option("--no-serve", "exit once the job is posted; run again without this option to serve its files")
    .option("--models <folder>", MODELS_HELP)
    .option("--again", "post a second job from a file that was already posted", false)
    .description(
      "publish, fund and post a job; serve its files and fetch its released models, and serve them after it closed",
    )
    .action((file: string, _values: unknown, command: Command) =>
      postJobFile(file, parseCommonOptions(command.optsWithGlobals()), parseOptions(options, command.opts())),
    );
}

/**
 * Posts a job file once and serves the job's files. The log line `job posted`, or that it was posted before, has the
 * job's number, the content ids of its files and the addresses that serve them.
 */
export async function postJobFile(
  path: string,
  common: CommonOptions,
  { serve, again, models }: PostingOptions,
): Promise<void> {
  const file = await readJobFile(path);
  await withWorker(common, ({ modules, holdoutSecrets: secrets }) =>
    untilInterrupted(async (signal) => {
      const { content, network, log } = modules;
      for (const warning of file.warnings) log.warn({ problem: formatProblem(path, warning) }, "about the job file");
      const token = await readToken(modules.contracts, file.job.money.token);
      const data = await loadJobData(file, content, signal);
      if (data !== undefined) logReport(log, data.report);
      const prepared = await prepareJob(file.job, data, await openScoringEngine(), signal);
      const { timestamp } = await modules.chain.head(signal);
      const resolved = resolvePrepared(prepared, { token, now: timestamp });
      for (const short of await readShortPeriods(modules.contracts, resolved.terms, modules.chain.confirmations)) {
        log.warn({ phase: short.phase, neededSeconds: short.needed }, "workers refuse the job: a period is too short");
      }
      const { gasPrice } = await providerOf(modules.contracts).getFeeData();
      const facts = { parts: prepared.data?.parts.length ?? 0, isNative: file.job.money.token === "native" };
      const tooLittle = payBelowGas({ terms: resolved.terms, ...facts }, gasPrice ?? 0n);
      if (tooLittle !== undefined) log.warn({ code: "JOB_PAYS_BELOW_GAS" }, tooLittle);
      const published = await publishJob(content, { ...prepared, ...resolved }, secrets, signal);
      const { params, spec, initialModel, manifest } = published;
      const fingerprint = canonicalJson({ job: file.job, spec });
      const { jobId, isKnown } = await postJob(modules, params, { fingerprint, again }, signal);
      const files = { spec, initialModel, ...(manifest === undefined ? {} : { manifest }) };
      const shown = (amount: bigint) => showMoney(amount, token.format);
      const reward = { reward: params.reward.toString(), shown: shown(params.reward) };
      const bond =
        params.initiatorBond === 0n
          ? {}
          : { initiatorBond: params.initiatorBond.toString(), shownBond: shown(params.initiatorBond) };
      const total = shown(params.reward + params.initiatorBond);
      const paid = { ...reward, ...bond, ...(isKnown ? {} : { paid: total }) };
      const addresses = network.addresses();
      const terms = await modules.contracts.book.termsOf(jobId);
      const folder = modelsFolder(models, jobId, terms);
      const lines = invitationLines(
        { jobId, terms, addresses, stake: stakeText(params, file.job.money.token, token) },
        common,
      );
      log.info(
        { jobId: jobId.toString(), isKnown, ...paid, files, addresses, models: folder, lines },
        isKnown ? KNOWN : "job posted",
      );
      if (!common.json && process.stdout.isTTY) {
        const state = isKnown ? KNOWN : `job ${jobId} is posted, with a reward of ${total}`;
        const head = [`${state}. Released models go to ${folder}.`, ...startLines(params, timestamp)];
        process.stdout.write(`${summaryLines(head, lines, addresses).join("\n")}\n`);
      }
      const served = { ...modules, holdoutSecrets: secrets, shelf: modelShelf(folder) };
      if (serve) await drained(signal, () => serveJob(served, jobId, signal));
      else if (params.holdout === "sealed") log.warn({ jobId: jobId.toString() }, ABSENT);
    }),
  );
}

/** The amount of one seat's stake as `commonweight stake` takes it. */
function stakeText({ seatLock }: JobParams, name: string, { format }: TokenInfo): string {
  const amount = formatUnits(seatLock, format.decimals).replace(/\.0$/, "");
  return name === "native" ? amount : `${amount} --token ${name}`;
}

/** What was posted, and the lines that others type. */
function summaryLines(
  head: readonly string[],
  lines: InvitationLines,
  addresses: readonly string[],
): readonly string[] {
  return [
    "",
    ...head,
    "",
    "Trainers type, with their key (--keystore FILE --password-file FILE):",
    `  ${lines.trainer}`,
    "Validators:",
    `  ${lines.stake}`,
    `  ${lines.validator}`,
    "Whoever wants the model, without a key:",
    `  ${lines.model}`,
    ...(isLoopbackOnly(addresses) ? [`(${LOCAL_ONLY})`] : []),
    "",
  ];
}

async function serveJob(modules: InitiatorModules, jobId: bigint, signal: AbortSignal): Promise<void> {
  modules.log.info({ jobId: jobId.toString() }, "serving the job's files and released models; interrupt to stop");
  await runInitiator(modules, { jobId }, signal);
}
