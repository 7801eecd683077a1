import { expect } from "chai";

import { type Chain, at, openChain } from "../../helpers/contracts/chain.ts";
import { INVALID, UNAVAILABLE } from "../../helpers/contracts/commitments.ts";
import { PUBLIC_RELEASE, SILENT_SEAT, honestSeat, roundInDraw } from "../../helpers/contracts/fixtures.ts";
import type { JobDriver, SeatPlan } from "../../helpers/contracts/job-driver.ts";
import { HOLDOUT, SCORING } from "../../helpers/contracts/job-params.ts";
import { FAR, HIGH, NEAR, TOLERANCE, TRUTH, WIDEST, powersOf } from "../../../tools/seats/powers.ts";
import { absencesOf } from "../../../tools/seats/table.ts";

/** Rows of the table in docs/security.md. */
const SAMPLE = [3, 4, 5, 6, 7, 9, 12] as const;
const COMMON = { holdout: HOLDOUT.public, scoring: SCORING.contribution, tolerance: TOLERANCE, minTrainers: 1 };
const OWN = { ...COMMON, holdout: HOLDOUT.own, maxTolerance: WIDEST };
/** Of holdouts of one's own no absolute score is attested. */
const OWN_RELEASE = { ...PUBLIC_RELEASE, baseScore: 0, score: 0 };
/** Stands for "nobody" where no number of seats reaches an aim. */
const NEVER = 99;

// The table says how few seats reach an aim; here so many do, and one fewer does not.
describe("The table of what colluding seats can do, on the contracts", function () {
  this.timeout(120_000);
  let chain: Chain;
  before(async () => {
    chain = await openChain(24);
  });

  for (const seats of SAMPLE) {
    for (const absent of [0, 1] as const) {
      const powers = powersOf({ seats, absent });
      const { undecided = NEVER, voided = NEVER, moved = NEVER, replaced = NEVER, slashed, failed = NEVER } = powers;
      const bench = `${seats} seats, ${absent === 0 ? "none" : "one"} absent`;

      if (powers.voided !== undefined) {
        it(`${bench}: ${voided} void, ${replaced} replace, ${moved} move; one fewer does not`, async () => {
          const job = await jobOf(seats, 6);
          // Two updates for each aim: with so many colluding seats, and with one fewer.
          const aims: readonly (readonly [lie: number, fewest: number])[] = [
            [INVALID, voided],
            [FAR, replaced],
            [NEAR, moved],
          ];
          const lies = aims.flatMap(([lie, fewest]) => [
            { lie, by: fewest },
            { lie, by: fewest - 1 },
          ]);
          await score(job, absent, (seat) => lies.map(({ lie, by }) => (seat < by ? lie : TRUTH)));
          await job.tally();
          const consensus = (await job.world.panel.consensusOf(job.id, 1, 1)).map(Number);
          expect([consensus[0], consensus[2], consensus[4]]).to.deep.equal([INVALID, FAR, NEAR]);
          // One fewer leaves the number as it is, or nothing that a majority says.
          const left = (fewest: number) => (fewest - 1 >= undecided ? UNAVAILABLE : TRUTH);
          expect([consensus[1], consensus[3], consensus[5]]).to.deep.equal([left(voided), left(replaced), TRUTH]);
          const divided = [voided, replaced].filter((fewest) => left(fewest) === UNAVAILABLE).length;
          const { committee } = await job.committee(1n, 1n);
          expect(committee.undecided).to.equal(BigInt(divided));
        });

        it(`${bench}: ${undecided} leave an update undecided and fail the attempt; one fewer does not`, async () => {
          for (const [by, phase] of [
            [undecided, "draw"],
            [undecided - 1, "attestation"],
          ] as const) {
            const job = await jobOf(seats, 1);
            // Colluding seats void; where that would be a majority, one of them says another number.
            const lie = (seat: number) => (seat === 0 && by > seats / 2 ? FAR : UNAVAILABLE);
            await score(job, absent, (seat) => [seat < by ? lie(seat) : TRUTH]);
            await job.tally();
            expect(await job.phase(), `${by} seats`).to.equal(phase);
          }
        });
      }

      it(`${bench}: ${failed} fail the attempt by silence; one fewer does not`, async () => {
        for (const by of [failed, failed - 1].filter((count) => count >= 0)) {
          const job = await jobOf(seats, 1);
          await score(job, absent, (seat) => (seat < by ? undefined : [TRUTH]));
          await job.tally();
          expect(await job.phase(), `${by} seats`).to.equal(by === failed ? "draw" : "attestation");
        }
      });

      it(`${bench}: ${slashed ?? "none"} have an honest seat slashed; one fewer does not`, async () => {
        // Where no number will do, as many as there are but for one honest seat try it.
        const fewest = slashed ?? seats - absent;
        for (const by of [fewest, fewest - 1].filter((count) => count < seats - absent)) {
          const job = await jobOf(seats, 1);
          await score(job, absent, (seat) => [seat < by ? FAR : TRUTH]);
          const victim = at(await job.holders(), by);
          await job.tally();
          const lock = await job.world.registry.lockedStake(job.terms.token, victim, job.id);
          expect(lock < job.terms.seatLock, `${by} seats`).to.equal(by === slashed);
        }
      });
    }

    for (const absent of new Set(absencesOf(seats))) {
      const { loweredOnOwn: low, raisedOnOwn: high } = powersOf({ seats, absent });
      if (low === undefined || high === undefined) continue;
      it(`${seats} seats, own holdouts, ${absent} absent: ${low} lower, ${high} raise; one fewer does not`, async () => {
        const job = await jobOf(seats, 4, OWN);
        const lies = [low, low - 1].map((by) => ({ lie: FAR, by }));
        lies.push(...[high, high - 1].map((by) => ({ lie: HIGH, by })));
        await score(job, absent, (seat) => lies.map(({ lie, by }) => (seat < by ? lie : TRUTH)));
        const honest = at(await job.holders(), low);
        await job.tally();
        expect(await job.phase()).to.equal("attestation");
        const consensus = (await job.world.panel.consensusOf(job.id, 1, 1)).map(Number);
        expect(consensus).to.deep.equal([FAR, TRUTH, HIGH, TRUTH]);
        expect(await job.world.registry.lockedStake(job.terms.token, honest, job.id)).to.equal(job.terms.seatLock);
      });
    }
  }

  /** A job, by default on a public holdout, with a committee of `seats` to be drawn for so many updates. */
  function jobOf(seats: number, updates: number, terms: typeof COMMON | typeof OWN = COMMON): Promise<JobDriver> {
    return roundInDraw(chain, {
      terms: { ...terms, committeeSize: seats },
      population: { trainers: 6, validators: 12 },
      joined: updates,
      enlisted: seats,
    });
  }

  /** The first seats collude, the last are absent. */
  async function score(
    job: JobDriver,
    absent: number,
    scoresOf: (seat: number) => number[] | undefined,
  ): Promise<void> {
    const { committeeSize } = job.terms;
    const seats: Record<number, SeatPlan> = {};
    for (let seat = 0; seat < Number(committeeSize) - absent; seat++) {
      const scores = scoresOf(seat);
      seats[seat] =
        scores === undefined
          ? SILENT_SEAT
          : honestSeat(scores, job.terms.holdout === HOLDOUT.own ? OWN_RELEASE : PUBLIC_RELEASE);
    }
    await job.score({ honest: SILENT_SEAT, seats });
  }
});
