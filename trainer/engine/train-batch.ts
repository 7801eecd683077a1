import type { NamedTensorMap, Scalar, Tensor } from "@tensorflow/tfjs-core";
import type { Breathe } from "./runtime/breather.ts";
import { gatherFeatures, gatherOneHot, inputSize, type Batch } from "./batches.ts";
import { predict } from "./network.ts";
import { notFinite } from "./runtime/not-finite.ts";
import { slicesOf } from "./slices.ts";
import type { TrainingSession } from "./training-session.ts";

/** A part of a batch, and the number of samples in the whole batch. */
interface Slice extends Batch {
  readonly batchCount: number;
}

/** Loss and gradients of some samples; the gradients are in the order of the variables. */
interface Gradients {
  readonly loss: number;
  readonly tensors: readonly Tensor[];
}

/** A differentiable loss, and whether no sum in the network overflowed float32. */
interface Loss {
  readonly value: Scalar;
  readonly finite: boolean;
}

/** The slice's share of the batch's mean cross-entropy in nats: shares and their gradients add up to the batch's. */
function shareOfLoss({ runtime: { tf }, model, samples, ...session }: TrainingSession, slice: Slice): Loss {
  const count = slice.to - slice.from;
  const x = tf.tensor(gatherFeatures(samples, inputSize(model), slice), [count, ...model.input]);
  const labels = tf.tensor2d(gatherOneHot(samples, model.classes, slice), [count, model.classes]);
  const network = { layers: session.layers, weights: session.variables };
  const { logits, finite } = predict(tf, network, x, session.mask);
  const value = tf.div<Scalar>(tf.neg(tf.sum(tf.mul(labels, tf.logSoftmax(logits)))), slice.batchCount);
  return { value, finite };
}

/** The caller disposes the gradients. */
function sliceGradients(session: TrainingSession, slice: Slice): Gradients {
  const { runtime, variables } = session;
  return runtime.tf.tidy(() => {
    let finite = true;
    const { value, grads } = runtime.tf.variableGrads(() => {
      const share = shareOfLoss(session, slice);
      // An error thrown here would leak the tensors of the gradient tape.
      finite = share.finite;
      return share.value;
    }, variables);
    const loss = value.dataSync()[0] ?? Number.NaN;
    if (!finite || !Number.isFinite(loss)) throw notFinite("The training loss");
    return { loss, tensors: variables.map(({ name }) => gradientNamed(grads, name)) };
  });
}

function gradientNamed(gradients: NamedTensorMap, name: string): Tensor {
  const gradient = gradients[name];
  if (gradient === undefined) throw new Error(`The loss has no gradient by ${name}.`);
  return gradient;
}

/** Adds gradients up and disposes both summands. */
function sumOfGradients({ runtime: { tf } }: TrainingSession, sum: Gradients, next: Gradients): Gradients {
  const tensors = tf.tidy(() => sum.tensors.map((tensor, i) => tf.add(tensor, next.tensors[i] ?? 0)));
  tf.dispose([...sum.tensors, ...next.tensors]);
  return { loss: sum.loss + next.loss, tensors };
}

/** Applies one optimizer step and disposes the gradients. */
function applyGradients({ runtime: { tf }, optimizer, variables }: TrainingSession, { tensors }: Gradients): void {
  optimizer.applyGradients(Object.fromEntries(variables.map(({ name }, i) => [name, tensors[i]])) as NamedTensorMap);
  tf.dispose([...tensors]);
}

/**
 * Trains on one batch, slice by slice, and yields to the event loop before each slice: memory and the time between two
 * yields do not grow with the batch.
 *
 * @param isFirst - whether this step creates the optimizer's state, the only tensors that may remain after a batch
 * @returns the batch's mean cross-entropy in nats before the step
 * @throws CommonweightError `ENGINE_NOT_FINITE`; errors of `breathe`.
 */
export async function trainBatch(
  session: TrainingSession,
  { order, from, to }: Batch,
  isFirst: boolean,
  breathe: Breathe,
): Promise<number> {
  const { runtime, variables } = session;
  let sum: Gradients | undefined;
  try {
    for (const [start, end] of slicesOf(from, to, session.sliceSize)) {
      await breathe();
      const slice: Slice = { order, from: start, to: end, batchCount: to - from };
      const before = sum;
      sum = runtime.run(
        () => {
          const gradients = sliceGradients(session, slice);
          return before === undefined ? gradients : sumOfGradients(session, before, gradients);
        },
        { keeps: before === undefined ? variables.length : 0 },
      );
    }
    const total = sum ?? { loss: 0, tensors: [] };
    runtime.run(() => applyGradients(session, total), { keeps: isFirst ? undefined : -variables.length });
    sum = undefined;
    return total.loss;
  } finally {
    if (sum !== undefined) runtime.tf.dispose([...sum.tensors]);
  }
}
