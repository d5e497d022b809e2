/** The analyses that a run may end with (`analyses:` of a configuration); report/analyses has one file for each. */
export const analysisNames = ["evaluate"] as const;

export type AnalysisName = (typeof analysisNames)[number];
