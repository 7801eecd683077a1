import type { JobSpec } from "@commonweight/sdk/spec/job-spec";
import type { ScoreVector } from "@commonweight/sdk/protocol/score-vector";
import type { Samples, Weights } from "../../../trainer/model/tensors.ts";
import { RELEASE, scoreUpdates, type RevealedUpdate } from "../../../trainer/scoring/score.ts";
import { scoringRuleOf } from "../../../trainer/roles/validator/scorer.ts";
import { clusterLabels } from "../../../trainer/roles/validator/cluster-labels.ts";
import { nextModel } from "../../../trainer/roles/validator/next-model.ts";
import { clipUpdates } from "../../../trainer/roles/validator/round-updates.ts";
import type { ListedUpdate, Release } from "../agents.ts";
import { linearEngine, scoreBps } from "../learner.ts";
import type { Content } from "./content.ts";

/** The samples that a seat scores on. */
export interface HoldoutView {
  readonly samples: Samples;
  /** The samples on which the base was scored at its release. */
  readonly check: Samples;
  /** Identifies the samples, for caching. */
  readonly name: string;
  /** Whether all seats score on the same samples; only then are scores attested. */
  readonly isCommon: boolean;
}

/** Inputs of one attempt, the same for all seats. */
export interface SeatTask {
  readonly spec: JobSpec;
  readonly content: Content;
  readonly base: Weights;
  readonly updates: readonly ListedUpdate[];
  readonly seed: string;
  readonly clusters: boolean;
  readonly judgesHoldout: boolean;
  readonly fingerprints: boolean;
  /** Whether the round only confirms the released model. */
  readonly confirming: boolean;
}

/**
 * Computes scores, labels and the next model with the validators' own code. Results are cached for seats with the same
 * holdout and the same available content.
 */
export class SeatWork {
  readonly #task: SeatTask;
  readonly #scored = new Map<string, Promise<ScoreVector>>();
  readonly #released = new Map<string, Release | undefined>();
  readonly #signal = new AbortController().signal;

  constructor(task: SeatTask) {
    this.#task = task;
  }

  /**
   * @param sees which updates can be fetched, in the order on chain
   */
  vector(sees: readonly boolean[], { samples, name }: HoldoutView): Promise<ScoreVector> {
    const key = `${name} ${sees.join()}`;
    const known = this.#scored.get(key) ?? this.#score(sees, samples);
    this.#scored.set(key, known);
    return known;
  }

  /** The next model with its scores (0 on private holdouts); `undefined` if an update that counts is not available. */
  release(sees: readonly boolean[], consensus: readonly number[], holdout: HoldoutView): Release | undefined {
    const key = sees.join();
    if (!this.#released.has(key)) this.#released.set(key, this.#release(sees, consensus, holdout));
    return this.#released.get(key);
  }

  async #score(sees: readonly boolean[], holdout: Samples): Promise<ScoreVector> {
    const { spec, base, seed, clusters, judgesHoldout, fingerprints, confirming } = this.#task;
    const updates = clipUpdates({ spec }, this.#revealed(sees));
    const rule = confirming ? RELEASE : scoringRuleOf(spec.scoring);
    const { scores, fingerprint } = await scoreUpdates(
      { engine: linearEngine, model: spec.model, base, updates, holdout, rule, seed },
      this.#signal,
    );
    return {
      readable: judgesHoldout ? true : undefined,
      scores,
      labels: clusters ? await this.#labels(updates, holdout) : undefined,
      fingerprint: fingerprints ? fingerprint : undefined,
    };
  }

  #labels(updates: readonly RevealedUpdate[], holdout: Samples): Promise<readonly number[]> {
    const { base, spec } = this.#task;
    const order = this.#task.updates.map((update) => update.order);
    return clusterLabels(linearEngine, { job: { spec }, base, updates, order, holdout }, this.#signal);
  }

  #release(
    sees: readonly boolean[],
    consensus: readonly number[],
    { samples, check, isCommon }: HoldoutView,
  ): Release | undefined {
    const { spec, base, content, updates } = this.#task;
    const revealed = this.#revealed(sees);
    if (revealed.some(({ kind }, at) => kind === "unavailable" && (consensus[at] ?? 0) > -32_767)) return undefined;
    const state = { weights: base, optimizer: new Float32Array() };
    const next = nextModel({
      job: { spec },
      base: state,
      updates: revealed,
      consensus,
      trust: updates.map(() => NO_TRUST),
    });
    const [baseScore, score] = isCommon ? [scoreBps(base, check), scoreBps(next.weights, samples)] : [0, 0];
    return { digest: content.publish(next.weights), baseScore, score };
  }

  #revealed(sees: readonly boolean[]): RevealedUpdate[] {
    return this.#task.updates.map(({ digest, isCopy }, at): RevealedUpdate => {
      if (isCopy) return { kind: "copy" };
      return sees[at] === true ? { kind: "valid", delta: this.#task.content.fetch(digest) } : { kind: "unavailable" };
    });
  }
}

/** Placeholder: only the aggregation rule `trust` reads it, and no scenario uses that rule. */
const NO_TRUST = { numerator: 0n, denominator: 1n };
