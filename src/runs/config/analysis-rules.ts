import { MAX_UNITS } from "../../analysis/pca/covariance.js";
import type { ConfigIssue } from "../../errors/index.js";
import { analysesOfData, analysesOnLattice, type AnalysisName } from "./analysis-names.js";
import type { ExperimentConfig } from "./experiment-config.js";

/**
 * What is wrong with the analyses that a run of layers `hidden` is to end with; `columns` is the number of visible units, if
 * known, `torus` whether they lie on one. Without layers nothing is trained, and only the data can be analysed.
 */
export function analysisIssues(
  analyses: readonly AnalysisName[],
  hidden: readonly number[],
  columns: number | null,
  torus: boolean | null,
): readonly ConfigIssue[] {
  const layerless = hidden.length > 0 ? [] : analyses.filter((name) => !analysesOfData.includes(name));
  const messages = layerless.map(
    (name) =>
      `"${name}" looks at a trained layer, and model.hidden is []; give layers, or only ${analysesOfData.join(", ")}`,
  );
  if (analyses.includes("pca") && columns !== null && columns > MAX_UNITS) {
    messages.push(
      `"pca" takes at most ${MAX_UNITS} visible units, as a covariance is their square; not ${columns}`,
    );
  }
  if (analyses.includes("flow") && torus === false) {
    messages.push(`"flow" needs a torus such as 16x16, and the data lie on a chain; leave it out`);
  }
  return messages.map((message) => ({ path: "analyses", message }));
}

/** What cannot be done in an experiment whose data have no lattice. */
export function latticeIssues({
  analyses,
  control,
}: Pick<ExperimentConfig, "analyses" | "control">): readonly ConfigIssue[] {
  const advice = "the data have none; give data.lattice, such as 28x28, or leave it out";
  const placed = analyses.filter((name) => analysesOnLattice.includes(name));
  return [
    ...placed.map((name) => ({ path: "analyses", message: `"${name}" needs a lattice, and ${advice}` })),
    ...(control === undefined
      ? []
      : [{ path: "model.control", message: `"${control}" needs a lattice, and ${advice}` }]),
  ];
}
