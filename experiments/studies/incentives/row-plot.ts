import type { Plot, Samples } from "../../lab/study.ts";

// Plots of rows, in a file that is not part of the fingerprint: a change here does not invalidate results.

/** Additional plots by row id. */
export const ROW_PLOTS: Readonly<Record<string, (samples: Samples) => Plot>> = { D5: guessersPlot, D6: captorsPlot };

const SHARES = [20, 40, 60] as const;
const GUESSERS = {
  "fingerprints of their own": "",
  "attest nothing": ", attest nothing",
  "one agreed fingerprint": ", one agreed fingerprint",
} as const;

function guessersPlot(samples: Samples): Plot {
  const line = (label: string, key: string, words: string) => ({
    label,
    points: SHARES.map((share) => [share, 100 * samples.mean(`last round, ${share} %${words}`, key)] as const),
  });
  return {
    name: "guessers",
    title: "Pay minus loss of one validator over the job",
    x: "% of the list guesses",
    y: "% of the reward",
    lines: [
      line("honest", "honestNet", ""),
      ...Object.entries(GUESSERS).map(([label, words]) => line(`guess, ${label}`, "lazyNet", words)),
    ],
  };
}

const LOCKS = [4, 6, 8] as const;
const SIZES = [7, 9, 11] as const;
const LIMITS = [1, 5, 33] as const;
const VIEWS = ["all views alike", "shows every seat other files"] as const;

function captorsPlot(samples: Samples): Plot {
  return {
    name: "captors",
    title: "What one party captures in 30 rounds",
    x: "locks of 20",
    y: "% of the reward",
    lines: [
      ...SIZES.flatMap((seats) =>
        VIEWS.map((view) => ({
          label: `${seats} seats, ${view === VIEWS[0] ? view : "splits honest views"}`,
          points: LOCKS.map(
            (locks) =>
              [locks, 100 * samples.mean(`${locks} of 20 locks, ${seats} seats, ${view}`, "captured")] as const,
          ),
        })),
      ),
      { label: "target", points: LOCKS.map((locks, at) => [locks, LIMITS[at]!] as const) },
    ],
  };
}
