// Loads the tfjs-node of a folder, trains one step and prints its versions as JSON: node try-engine.mjs FOLDER
// `commonweight engine install` runs it in a process of its own, because a native library may end its process.

import { loadTfjsNode } from "../engine/native/load.ts";

const tf = loadTfjsNode(process.argv[2]);
const weights = tf.variable(tf.ones([4, 4]));
tf.train.sgd(0.25).minimize(() => tf.matMul(weights, tf.ones([4, 4])).sum());
// The gradient of every weight is 4, so each goes from 1 to 0.
if (weights.dataSync().some((value) => value !== 0)) throw new Error("error: its training step is wrong");
const tensorflow = tf.backend().binding.TF_Version;
process.stdout.write(JSON.stringify({ tfjsNode: tf.version["tfjs-node"], tensorflow }));
