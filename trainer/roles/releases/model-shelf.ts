import type { ReleaseFiles } from "./fetch-release.ts";

/** What happened to a file: `unchanged` was there with the same bytes, `replaced` was there with others. */
export interface WrittenFile {
  readonly path: string;
  readonly change: "written" | "replaced" | "unchanged";
}

/**
 * Folder of a job's released models, one folder a round.
 *
 * Errors: `MODEL_FOLDER_OTHER` another model is there · `MODEL_FOLDER_UNWRITABLE` · `MODEL_DISK_FULL`.
 */
export interface ModelShelf {
  /** Writes a round's model; no file is ever seen half-written. Writing it again has no effect. */
  write(round: number, release: ReleaseFiles): Promise<readonly WrittenFile[]>;
  /** The folder of a round's model. */
  folderOf(round: number): string;
}
