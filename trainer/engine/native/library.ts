/** A wheel with the TensorFlow library on PyPI. Wheels are zip files; this one works with every version of Python. */
export interface Wheel {
  /** Package and version, in pip's format. */
  readonly requirement: string;
  readonly sha256: string;
  /** Platform in pip's format. */
  readonly platform: string;
}

/** Version of Python in the wheels' names; the library does not depend on it. */
export const WHEEL_PYTHON = "3.11";

/** Libraries in the wheels, below `tensorflow/`. */
export const LIBRARIES = ["libtensorflow_cc.so.2", "libtensorflow_framework.so.2"] as const;

/** What the build takes from a wheel: the two libraries and the headers of TensorFlow's C interface. */
export const WHEEL_PARTS: readonly string[] = [
  ...LIBRARIES.map((name) => `tensorflow/${name}`),
  ...["tensorflow/c/", "tensorflow/core/platform/", "xla/tsl/", "tsl/"].map((path) => `tensorflow/include/${path}`),
];

/** Wheels by platform and processor. */
const WHEELS: Readonly<Record<string, Wheel>> = {
  "linux-x64": {
    requirement: "tensorflow-cpu==2.18.0",
    sha256: "089e71746960ea581dca53401f84b3b99c8537313e337a9e5dbf97036a936f7e",
    platform: "manylinux_2_17_x86_64",
  },
  "linux-arm64": {
    requirement: "tensorflow==2.18.0",
    sha256: "85f1e7369af6d329b117b52e86093cd1e0458dd5404bf5b665853f873dd00b48",
    platform: "manylinux2014_aarch64",
  },
};

/** The wheel for this machine; `undefined` where there is none. */
export function wheelOf(platform: string = process.platform, processor: string = process.arch): Wheel | undefined {
  return WHEELS[`${platform}-${processor}`];
}
