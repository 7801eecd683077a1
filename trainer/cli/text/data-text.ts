import type { FeatureScaling } from "@commonweight/sdk/spec/feature-scaling";
import type { JobData } from "../../roles/initiator/job-data.ts";

/** A scaling in words. */
export function scalingText(scaling: FeatureScaling): string {
  if (scaling.kind === "columns") return "each column has its mean subtracted and is divided by its standard deviation";
  return scaling.divisor === 1 ? "values are used as they are" : `values are divided by ${scaling.divisor}`;
}

/** What was understood of a data set, line by line, with warnings last. */
export function reportLines({ report, scaling }: Pick<JobData, "report" | "scaling">): readonly string[] {
  const warnings = report.warnings.map((warning) => `warning: ${warning}`);
  return ["data", ...[...report.understood, scalingText(scaling), ...warnings].map((line) => `  ${line}`)];
}
