import { CommonweightError } from "@commonweight/sdk/errors";

/** Limits of a folder of pictures. */
export const PICTURE_LIMITS = {
  files: 200_000,
  /** Bytes of one file. */
  bytes: 67_108_864,
  /** Pixels of one picture, width times height, before it is resized. */
  pixels: 50_000_000,
} as const;

/** A picture's file; its name appears in errors. */
export interface PictureFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Size of a picture as stored, upright. */
export interface PictureSize {
  readonly height: number;
  readonly width: number;
  /** 1 for grey, 3 for colours. */
  readonly channels: number;
}

/**
 * Reads a picture's size, turned upright.
 *
 * @throws DATASET_PICTURES_BROKEN
 */
export async function measurePicture(file: PictureFile): Promise<PictureSize> {
  const { metadata } = await opened(file);
  const { width, height } = metadata.autoOrient;
  return { width, height, channels: /^(b-w|grey16)$/.test(metadata.space) ? 1 : 3 };
}

/**
 * Decodes a picture as bytes, row by row, channels last: upright, on white where it is transparent, stretched to the
 * size, as grey or sRGB.
 *
 * @throws DATASET_PICTURES_BROKEN it is no PNG or JPEG, damaged, or has more than 50 million pixels
 */
export async function decodePicture(file: PictureFile, { height, width, channels }: PictureSize): Promise<Uint8Array> {
  const { image } = await opened(file);
  try {
    const { data, info } = await image
      .autoOrient()
      .flatten({ background: "#ffffff" })
      .resize(width, height, { fit: "fill" })
      .toColourspace(channels === 1 ? "b-w" : "srgb")
      .raw({ depth: "uchar" })
      .toBuffer({ resolveWithObject: true });
    if (info.channels !== channels) throw new Error(`${info.channels} channels instead of ${channels}`);
    return data;
  } catch (cause) {
    throw broken(file, cause);
  }
}

async function opened(file: PictureFile) {
  const sharp = await library();
  try {
    const image = sharp(file.bytes, { failOn: "warning", limitInputPixels: PICTURE_LIMITS.pixels });
    const metadata = await image.metadata();
    if (metadata.format !== "png" && metadata.format !== "jpeg") throw new Error(`it is ${metadata.format}`);
    return { image, metadata };
  } catch (cause) {
    throw broken(file, cause);
  }
}

/** Loads the native library only where there are pictures. */
async function library() {
  try {
    return (await import("sharp")).default;
  } catch (cause) {
    throw new CommonweightError(
      "DATASET_PICTURES_LIBRARY",
      "the library that decodes pictures cannot be loaded on this machine",
      "Install it again: npm install sharp; or pack the pictures as IDX or CSV.",
      { cause },
    );
  }
}

function broken({ name }: PictureFile, cause: unknown): CommonweightError {
  const reason = cause instanceof Error ? (cause.message.split("\n")[0] ?? "") : "unknown reason";
  return new CommonweightError(
    "DATASET_PICTURES_BROKEN",
    `${name}: cannot be decoded as PNG or JPEG: ${reason.slice(0, 200)}`,
    `Replace the picture or remove it; one picture has at most ${PICTURE_LIMITS.pixels} pixels.`,
    { cause },
  );
}
