import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect } from "chai";

import { CommonweightError } from "@commonweight/sdk/errors";
import { loadJobData, readJobFile } from "../../../trainer/cli/inputs/job-file-data.ts";
import { temporaryFolders } from "../../helpers/temporary-folders.ts";

const TABLE = "age,size,segment\n1,2,a\n3,4,b\n5,6,a\n7,8,b\n";

describe("a job file and its data", () => {
  const makeFolder = temporaryFolders();

  /** Refusal of a job file beside the folder `shop`, which has one table. */
  async function refusal(lines: readonly string[]): Promise<CommonweightError> {
    const folder = makeFolder();
    mkdirSync(join(folder, "shop"));
    writeFileSync(join(folder, "shop/a.csv"), TABLE);
    const path = join(folder, "job.yaml");
    writeFileSync(path, lines.join("\n"));
    try {
      await loadJobData(await readJobFile(path), undefined, new AbortController().signal);
    } catch (error) {
      if (error instanceof CommonweightError) return error;
      throw error;
    }
    throw new Error("it was accepted");
  }
  const job = (data: string, reward: string) => ["name: Shop", "model: linear", "data:", data, "money:", reward];
  const COLUMNS = "  folder: shop\n  table: {label: segmnet, leaveOut: [agee]}";

  it("are refused with the place of the folder, and of the columns, under the code of the data", async () => {
    const folder = await refusal(job("  folder: shpo", "  reward: 10"));
    expect(folder.code).to.equal("DATASET_FOLDER_MISSING");
    expect(folder.message).to.match(/job\.yaml:4:11: data\.folder: .*; did you mean .*shop\?$/);
    const columns = await refusal(job(COLUMNS, "  reward: 10"));
    expect(columns.code).to.equal("DATASET_CSV_COLUMN_UNKNOWN");
    expect(columns.message).to.match(/job\.yaml:5:3: data\.table: a\.csv: no column "agee" .*age.*"segmnet" .*segment/);
  });

  it("are refused together, in the order of their lines", async () => {
    const folder = await refusal(job("  folder: shpo", "  reward:"));
    expect(folder.code).to.equal("JOB_FILE_INVALID");
    expect(folder.message).to.match(
      /^.*:4:11: data\.folder: .*did you mean .*\n.*:6:3: money\.reward: .*\. Write an amount/,
    );
    const columns = await refusal(job(COLUMNS, "  reward: 0"));
    expect(columns.message).to.match(/^.*:5:3: data\.table: .*agee.*segmnet.*\n.*:7:11: money\.reward: .*$/);
  });

  it("are not guessed at where the section of the data, or what it depends on, is mistaken itself", async () => {
    const data = await refusal(job("  folder: shpo\n  holdout: {kind: pubic}", "  reward: 10"));
    expect(data.message).to.match(/^[^\n]*holdout\.kind[^\n]*$/);
    const rounds = await refusal([...job("  folder: shpo", "  reward: 10"), "rounds: 0"]);
    expect(rounds.message).to.match(/^[^\n]*rounds[^\n]*$/);
  });
});
