/** The analyses that a run may end with (`analyses:` of a configuration); report/analyses has one file for each. */
export const analysisNames = [
  "evaluate",
  "pca",
  "fisher",
  "fields",
  "reconstruct",
  "couplings",
  "flow",
] as const;

/** The name of an analysis with which a run can end. */
export type AnalysisName = (typeof analysisNames)[number];

/** Those that look at the data, so that a run without layers can end with them too. */
export const analysesOfData: readonly AnalysisName[] = ["pca"];

/** Those that look at places, so that the data must have a lattice. */
export const analysesOnLattice: readonly AnalysisName[] = ["fields", "reconstruct", "flow"];
