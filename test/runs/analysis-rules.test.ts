import { describe, expect, it } from "vitest";
import { analysisIssues } from "../../src/runs/config/analysis-rules.js";
import { resolveConfig } from "../../src/runs/config/index.js";

describe("analyses that a run cannot end with", () => {
  it("are flows on a chain", () => {
    expect(analysisIssues(["flow"], [4], 16, true)).toEqual([]);
    expect(analysisIssues(["flow"], [4], 16, null)).toEqual([]);
    expect(analysisIssues(["flow"], [4], 16, false)).toMatchObject([{ path: "analyses" }]);
    const chain = { sample: { lattice: "16", coupling: 1 }, model: { hidden: [4] } };
    expect(() => resolveConfig({ ...chain, analyses: ["flow"] }, "a test")).toThrow(/needs a torus/);
    expect(() => resolveConfig({ ...chain, analyses: ["couplings"] }, "a test")).not.toThrow();
  });

  it("are couplings and flows of no layers", () => {
    expect(analysisIssues(["couplings", "flow", "pca"], [], 16, true)).toHaveLength(2);
  });
});
