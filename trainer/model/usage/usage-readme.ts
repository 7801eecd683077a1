import type { ModelSpec } from "@commonweight/sdk/spec/model-spec";
import type { InputScaling, ModelFacts } from "./model-facts.ts";
import { pythonExample } from "./python-example.ts";
import { TENSORFLOW_PACKAGES, tensorflowExample } from "./tensorflow-example.ts";

/** `README.md` beside a released model: what the model takes and gives, where it comes from, and examples of use. */
export function usageReadme(model: ModelSpec, facts: ModelFacts): string {
  const { scaling } = facts;
  const sampleSize = facts.inputShape.reduce((size, length) => size * length, 1);
  const example = { scaling, sampleSize };
  return [
    `# ${oneLine(facts.name)}`,
    "",
    `A neural network that was trained by many on Commonweight: job ${facts.job} of the market ${facts.market} on chain ` +
      `${facts.chain}, round ${facts.round}, model version ${facts.version}. The committee attested \`${facts.model}\`.`,
    "",
    `- **Input:** samples of ${facts.inputShape.join(" x ")} values, as float32${orderText(facts)}`,
    `- **Scaling:** ${scalingText(scaling)}`,
    `- **Output:** one probability for each of ${facts.classes} classes: ${classText(facts)}`,
    `- **Accuracy:** ${accuracyText(facts)}`,
    "",
    "`model.json` has all of this under `userDefinedMetadata`, and `model.safetensors` in its metadata. `content/` has the",
    "files that the chain names, byte for byte: `commonweight content serve` on this folder gives them to others.",
    "",
    "## Python",
    "",
    "`pip install numpy safetensors`, then in this folder:",
    "",
    "```python",
    pythonExample(model, example),
    "```",
    "",
    "## TensorFlow.js",
    "",
    `\`npm install ${TENSORFLOW_PACKAGES}\`, then as a module in this folder:`,
    "",
    "```js",
    tensorflowExample(model, example),
    "```",
    "",
    'In a browser, `loadLayersModel("model.json")` from a web server with this folder does the same.',
    "",
  ].join("\n");
}

/** The names of the values in the model's order, or nothing. */
function orderText({ columnNames }: ModelFacts): string {
  if (columnNames === null) return ".";
  return `, in this order: ${columnNames.map((name) => oneLine(name)).join(", ")}.`;
}

function scalingText(scaling: InputScaling | null): string {
  if (scaling === null) return "the job publishes no data; ask its initiator how the trainers scaled theirs.";
  if (scaling.kind === "columns") {
    return "`(value - mean) / scale` by column, with the means and scales in `userDefinedMetadata.scaling`.";
  }
  return scaling.divisor === 1 ? "none, the values as they are." : `every value divided by ${scaling.divisor}.`;
}

function classText({ classNames, classes }: ModelFacts): string {
  if (classNames === null) return `0 to ${classes - 1}, as the data set numbers them.`;
  return `${classNames.map((name) => oneLine(name)).join(", ")}.`;
}

function accuracyText({ accuracy, confirmedAccuracy, holdout, holdoutSamples }: ModelFacts): string {
  if (accuracy === null) return "not recorded: every validator scored on samples of its own.";
  const samples = `${holdoutSamples === null ? "" : `${holdoutSamples} samples of `}the ${holdout} holdout`;
  const attested = `${percent(accuracy)} on ${samples}, attested by the committee of the round`;
  if (confirmedAccuracy === null) return `${attested}; no second committee has confirmed it.`;
  return `${attested}; confirmed: ${percent(confirmedAccuracy)}, the lower one of two committees' results.`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(2)} %`;
}

/** Text from an initiator, as one line without marks that Markdown or HTML would read. */
function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").replace(/[\\`*_[\]<>#|]/g, (mark) => `\\${mark}`);
}
