import { gunzipSync } from "node:zlib";

import { CommonweightError } from "@commonweight/sdk/errors";

/** A user's data file; its name appears in errors. */
export interface SourceFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Limits of a data set in memory. */
export const DATA_SET_LIMITS = {
  /** Bytes of one file, packed or unpacked. */
  fileBytes: 1_073_741_824,
  samples: 4_000_000,
  /** Values of one sample. */
  features: 1_048_576,
  /** Values of all samples. */
  values: 268_435_456,
  classes: 1_000,
} as const;

/**
 * Unpacks a gzip file (RFC 1952), recognised by its first two bytes; returns any other file unchanged.
 *
 * @throws DATASET_TOO_LARGE · DATASET_GZIP the file is damaged
 */
export function unpack(file: SourceFile, maxBytes: number = DATA_SET_LIMITS.fileBytes): SourceFile {
  checkFileSize(file.name, file.bytes.length, maxBytes);
  if (file.bytes[0] !== 0x1f || file.bytes[1] !== 0x8b) return file;
  try {
    return { name: file.name, bytes: gunzipSync(file.bytes, { maxOutputLength: maxBytes }) };
  } catch (cause) {
    if (cause instanceof RangeError) throw tooLarge(file.name, maxBytes, cause);
    throw new CommonweightError(
      "DATASET_GZIP",
      `${file.name}: the gzip data are damaged`,
      "Download or compress the file again; `gzip -t FILE` tests it.",
      { cause },
    );
  }
}

/** @throws DATASET_TOO_LARGE the file has more bytes than allowed */
export function checkFileSize(name: string, bytes: number, maxBytes: number = DATA_SET_LIMITS.fileBytes): void {
  if (bytes > maxBytes) throw tooLarge(name, maxBytes);
}

/** @throws DATASET_TOO_LARGE the table is larger than `DATA_SET_LIMITS` */
export function checkTableSize(name: string, samples: number, features: number): void {
  const limits = DATA_SET_LIMITS;
  if (samples <= limits.samples && features <= limits.features && samples * features <= limits.values) return;
  throw new CommonweightError(
    "DATASET_TOO_LARGE",
    `${name}: ${samples} samples of ${features} values`,
    `Use at most ${limits.samples} samples of ${limits.features} values, ${limits.values} values in all.`,
  );
}

function tooLarge(name: string, maxBytes: number, cause?: unknown): CommonweightError {
  return new CommonweightError(
    "DATASET_TOO_LARGE",
    `${name}: more than ${maxBytes} bytes, packed or unpacked`,
    "Split the data into several data sets.",
    { cause },
  );
}
