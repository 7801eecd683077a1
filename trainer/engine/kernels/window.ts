import type { backend_util } from "@tensorflow/tfjs-core";

/** A window of `windowHeight x windowWidth` that moves over pictures `[batch, inHeight, inWidth, channels]`. */
export interface WindowGeometry {
  readonly inHeight: number;
  readonly inWidth: number;
  readonly channels: number;
  readonly outHeight: number;
  readonly outWidth: number;
  readonly windowHeight: number;
  readonly windowWidth: number;
  readonly strideHeight: number;
  readonly strideWidth: number;
  readonly padTop: number;
  readonly padLeft: number;
}

/**
 * Reads the geometry from TensorFlow.js's description. Refuses dilations and channels-first pictures, which models here
 * do not have.
 */
export function windowGeometry(info: backend_util.Conv2DInfo): WindowGeometry {
  if (info.dilationHeight !== 1 || info.dilationWidth !== 1 || info.dataFormat !== "channelsLast") {
    throw new Error("Our kernels support neither dilations nor channels-first pictures.");
  }
  return {
    inHeight: info.inHeight,
    inWidth: info.inWidth,
    channels: info.inChannels,
    outHeight: info.outHeight,
    outWidth: info.outWidth,
    windowHeight: info.filterHeight,
    windowWidth: info.filterWidth,
    strideHeight: info.strideHeight,
    strideWidth: info.strideWidth,
    padTop: info.padInfo.top,
    padLeft: info.padInfo.left,
  };
}

/** Number of values under one window: `windowHeight x windowWidth x channels`. */
export function windowSize(geometry: WindowGeometry): number {
  return geometry.windowHeight * geometry.windowWidth * geometry.channels;
}

/** Number of window positions on one picture. */
export function positionsPerPicture(geometry: WindowGeometry): number {
  return geometry.outHeight * geometry.outWidth;
}
