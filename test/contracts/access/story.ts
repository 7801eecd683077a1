import { expect } from "chai";
import { parseEther } from "ethers";

import { type Chain, type Signer, at, openChain } from "../../helpers/contracts/chain.ts";
import { PUBLIC_RELEASE, honestSeat } from "../../helpers/contracts/fixtures.ts";
import { JobDriver } from "../../helpers/contracts/job-driver.ts";
import { type PhaseName, NO_PERMIT, budgetTerms, milestoneTerms } from "../../helpers/contracts/job-params.ts";
import { READABLE, SealedHoldout } from "../../helpers/contracts/sealed-holdout.ts";
import { THAW_PERIOD, type World, deployedMarket } from "../../helpers/contracts/world.ts";
import type { Role, Stage } from "./roles.ts";

const ROUNDS = 2;
/** Score vector of all seats: the holdout is readable, then two scores. */
const SCORES = [READABLE, 100, 200];
/** Within the last third of a phase, in seconds before its end. */
const LATE = 300n;

/** One job from posting to its end, with an account for every role. */
export class Story {
  readonly job: JobDriver;
  /** A job with trust, of which the discloser is a member. */
  readonly trusted: JobDriver;
  readonly holdout: SealedHoldout;
  readonly #enlisted: readonly Signer[];
  /** Users by role; the validators' roles change with the draw. */
  readonly #users: Map<Role, Signer>;

  private constructor(job: JobDriver, trusted: JobDriver, holdout: SealedHoldout, users: Map<Role, Signer>) {
    this.job = job;
    this.trusted = trusted;
    this.holdout = holdout;
    this.#users = users;
    this.#enlisted = job.world.validators.slice(0, 4);
  }

  /** Deploys the contracts, posts the job, and sets up the claims of staker and deployer. */
  static async posted(): Promise<Story> {
    const chain = await openChain();
    const population = { trainers: 6, validators: 5 };
    const deployment = await deployedMarket(chain, population);
    const world: World = { ...deployment, initiator: at(deployment.trainers, 5) };
    const token = await world.token.getAddress();
    const now = await chain.helpers.time.latest();
    const deployer = { ...deployment, initiator: at(chain.signers, 0) };
    const trusted = await JobDriver.post(deployer, budgetTerms(token, now));
    await trusted.join(at(world.trainers, 0));
    const dropped = await JobDriver.post(deployer, budgetTerms(token, now));
    await world.lifecycle.connect(deployer.initiator).cancelJob(dropped.id);

    const holdout = new SealedHoldout(ROUNDS);
    const terms = { ...holdout.terms(parseEther("501")), committeeSize: 3, minTrainers: 1, retrainQuota: 2 };
    const job = await JobDriver.post(world, milestoneTerms(token, now, { ...terms, deadline: now + 10_000_000 }));
    const story = new Story(job, trusted, holdout, usersOf(world, deployer.initiator));
    await story.#stake(chain);
    return story;
  }

  /** Brings the job to a stage; stages must be entered in order. */
  async enter(stage: Stage): Promise<void> {
    const phase = await this.#reach[stage]();
    if (stage !== "absent") expect(await this.job.phase(), stage).to.equal(phase);
  }

  /** For each stage, the steps that lead to it and the resulting phase. */
  readonly #reach: Readonly<Record<Stage, () => Promise<PhaseName>>> = {
    absent: () => Promise.resolve("none"),
    posted: () => Promise.resolve("waiting"),
    staffed: async () => {
      await this.job.join(...this.#trainers("discloser", "sealer", "idler", "leaver"));
      await this.job.enlistStaked(...this.#enlisted);
      return "waiting";
    },
    lapsed: async () => {
      await this.job.passDeadline();
      return "waiting";
    },
    publicShardDue: async () => {
      await this.job.open();
      return "training";
    },
    training: async () => {
      await this.holdout.openPublic(this.job);
      await this.job.commit(this.user("sealer"), "sealed for good");
      await this.job.join(this.user("newcomer"));
      return "training";
    },
    disclosure: async () => {
      await this.job.commit(this.user("discloser"), "disclosed");
      await this.job.commit(this.user("leaver"), "disclosed, too");
      await this.job.passTraining();
      await this.job.reveal(this.user("leaver"));
      await this.job.world.market.connect(this.user("leaver")).leaveJob(this.job.id);
      return "disclosure";
    },
    lateDisclosure: async () => {
      await this.job.passTo((await this.job.facts()).disclosureEnd - LATE);
      return "disclosure";
    },
    opening: async () => {
      await this.job.reveal(this.user("discloser"));
      await this.job.passDisclosure();
      return "draw";
    },
    lateOpening: async () => {
      await this.job.passTo((await this.job.facts()).disclosureEnd + BigInt(this.job.terms.disclosurePeriod) - LATE);
      return "draw";
    },
    draw: async () => {
      await this.holdout.open(this.job);
      return "draw";
    },
    stuck: async () => {
      for (const validator of this.#enlisted.slice(1, 3)) await this.job.delist(validator);
      for (const stage of ["disclosure", "opening", "draw"] as const) await this.enter(stage);
      await this.job.passTo((await this.job.facts()).disclosureEnd + (await this.job.calls.grace()));
      return "draw";
    },
    scoring: async () => {
      await this.job.draw();
      await this.#seat();
      await this.job.commitScores(1, SCORES);
      return "scoring";
    },
    lateScoring: async () => {
      await this.job.passTo((await this.job.committee()).committee.facts.scoringEnd - LATE);
      return "scoring";
    },
    reveal: async () => {
      await this.job.commitScores(0, SCORES);
      await this.job.commitScores(2, SCORES);
      await this.job.revealScores(1);
      return "reveal";
    },
    lateReveal: async () => {
      await this.job.passTo((await this.job.committee()).committee.facts.revealEnd - LATE);
      return "reveal";
    },
    tally: async () => {
      await this.job.revealScores(0);
      await this.job.revealScores(2);
      return "tally";
    },
    attestation: async () => {
      await this.job.tally();
      await this.job.attest(1, PUBLIC_RELEASE);
      return "attestation";
    },
    settlement: async () => {
      await this.job.attest(0, PUBLIC_RELEASE);
      await this.job.attest(2, PUBLIC_RELEASE);
      return "settlement";
    },
    overdue: async () => {
      await this.job.passSettlement();
      return "settlement";
    },
    redraw: async () => {
      await this.job.failAttempt();
      return "draw";
    },
    second: async () => {
      await this.job.judge({ honest: { scores: SCORES, attests: PUBLIC_RELEASE } });
      await this.job.settle(PUBLIC_RELEASE);
      return "training";
    },
    cancelled: async () => {
      await this.job.world.lifecycle.connect(this.user("initiator")).cancelJob(this.job.id);
      return "training";
    },
    ending: async () => {
      await this.job.passTraining();
      return "waiting";
    },
    confirming: async () => {
      await this.job.world.lifecycle.connect(this.user("stranger")).closeJob(this.job.id);
      return "draw";
    },
    closed: async () => {
      await this.job.score({ honest: honestSeat([PUBLIC_RELEASE.score], undefined) });
      await this.job.tally();
      return "closed";
    },
  };

  /** Returns the account that has a role now. */
  user(role: Role): Signer {
    const user = this.#users.get(role);
    if (user === undefined) throw new Error(`${role} is no user`);
    return user;
  }

  /** Returns the address that a role calls from. */
  async address(role: Role): Promise<string> {
    const { token, market, lifecycle, rounds, committees, panel, registry, book, trust } = this.job.world;
    const contracts: Partial<Record<Role, { getAddress(): Promise<string> }>> = {
      token,
      market,
      lifecycle,
      rounds,
      committees,
      panel,
      registry,
      book,
      trust,
    };
    return contracts[role]?.getAddress() ?? this.user(role).address;
  }

  #trainers(...roles: Role[]): Signer[] {
    return roles.map((role) => this.user(role));
  }

  /** Stakes for the validators' seats; gives the staker free stake, thawed stake and a claim. */
  async #stake({ helpers }: Chain): Promise<void> {
    const { registry } = this.job.world;
    const { token, seatLock } = this.job.terms;
    for (const validator of this.#enlisted) await registry.connect(validator).stake(token, seatLock, NO_PERMIT);
    const own = registry.connect(this.user("staker"));
    await own.stake(token, 10n * seatLock, NO_PERMIT);
    await own.thaw(token, 5n);
    await helpers.time.increase(THAW_PERIOD);
    await own.release(token);
    await own.thaw(token, 6n);
    await helpers.time.increase(THAW_PERIOD);
  }

  async #seat(): Promise<void> {
    const holders = await this.job.holders();
    const bench = this.#enlisted.find(({ address }) => !holders.some((holder) => holder.address === address));
    expect(bench).not.to.equal(undefined);
    this.#users.set("seated", at(holders, 0)).set("actor", at(holders, 1));
    if (bench !== undefined) this.#users.set("bench", bench);
  }
}

function usersOf({ initiator, stranger, trainers, validators }: World, deployer: Signer): Map<Role, Signer> {
  return new Map<Role, Signer>([
    ["initiator", initiator],
    ["discloser", at(trainers, 0)],
    ["sealer", at(trainers, 1)],
    ["idler", at(trainers, 2)],
    ["leaver", at(trainers, 3)],
    ["newcomer", at(trainers, 4)],
    ["seated", at(validators, 0)],
    ["actor", at(validators, 1)],
    ["bench", at(validators, 2)],
    ["staker", at(validators, 4)],
    ["stranger", stranger],
    ["deployer", deployer],
  ]);
}
