import { describe, expect, it } from "vitest";
import { boltzmannDistribution, exactReference } from "../../src/ising/exact/index.js";
import { torus } from "../../src/ising/lattice.js";
import { CRITICAL_COUPLING, isingModel } from "../../src/ising/model.js";
import { bitMatrix, type LayerArrays } from "../../src/kernels/index.js";
import { seedKey } from "../../src/random/index.js";
import { type Assessment, assess, assessmentTarget } from "../../src/rbm/assessment.js";
import { isingTarget } from "../../src/rbm/target-model.js";
import { trainLayer } from "../../src/rbm/trainer.js";
import type { TrainingOptions } from "../../src/rbm/training-options.js";
import { kernels } from "./kernels.js";
import { common } from "./small-torus.js";

/** Torlai & Melko's own machine of 16 hidden units at T = 2.269 has this KL, in nats. */
const PUBLISHED_KL = 0.0068;

interface Outcome {
  readonly layer: LayerArrays;
  readonly assessment: Assessment;
  /** KL(P‖P_λ), nats. */
  readonly kl: number;
}

/** Exact gradients on the 4×4 torus, every objective from the same start. */
async function train(coupling: number, hidden: number, changes: Partial<TrainingOptions>): Promise<Outcome> {
  const model = isingModel(torus(4, 4), coupling);
  const distribution = boltzmannDistribution(model);
  const logPartition = exactReference(model).logPartition ?? NaN;
  const rows = bitMatrix(1, 16);
  const target = isingTarget(model, { value: logPartition, error: 0, doubt: null });
  const options = { ...common, finalLearningRate: 0.0005, epochs: 1000, ...changes };
  const data = { rows, target: distribution, model: target };
  const layer = await trainLayer(data, hidden, options, 1, seedKey("1"), kernels);
  const judged = assessmentTarget(model, logPartition, distribution, rows);
  const assessment = assess(layer, judged, null, kernels);
  return { layer, assessment, kl: 16 * (assessment.klPerSpin ?? NaN) };
}

describe.each([0.3, 0.408, CRITICAL_COUPLING])(
  "on the 4×4 torus at K = %f with 16 hidden units",
  (coupling) => {
    it("the objective trace reaches the KL of the objective kl", async () => {
      const kl = await train(coupling, 16, {});
      const trace = await train(coupling, 16, { objective: "trace" });
      // Neither has converged to the last digit: an infinitely strong RBM of this size has KL = 0
      expect(kl.kl).toBeLessThan(PUBLISHED_KL / 10);
      expect(trace.kl).toBeLessThan(Math.max(1.05 * kl.kl, 0.05 * PUBLISHED_KL));
    });

    it("the gauge data goes the way of the objective kl, to the bit", async () => {
      const kl = await train(coupling, 16, { epochs: 60 });
      const data = await train(coupling, 16, { epochs: 60, objective: "free-energy", gauge: "data" });
      expect(data.layer.weights).toEqual(kl.layer.weights);
      expect(data.kl).toBeGreaterThan(0.01);
    });
  },
);

describe("with too few hidden units for the 4×4 torus at K = 0.3", () => {
  it("every objective is best at what it minimises", async () => {
    const kl = await train(0.3, 4, { epochs: 500 });
    const trace = await train(0.3, 4, { epochs: 500, objective: "trace" });
    const reverse = await train(0.3, 4, { epochs: 500, objective: "free-energy", gauge: "model" });
    const reverseKl = ({ meanDModel, freeEnergyGap }: Assessment): number => meanDModel! - freeEnergyGap!;
    const all = [kl, trace, reverse].map(({ assessment }) => assessment);
    const least = (f: (a: Assessment) => number): number => all.map(f).indexOf(Math.min(...all.map(f)));
    expect(least((a) => a.klPerSpin!)).toBe(0);
    expect(least((a) => a.varianceDData!)).toBe(1);
    expect(least(reverseKl)).toBe(2);
    expect(trace.kl).toBeGreaterThan(1.02 * kl.kl);
    expect(kl.assessment.conditionKl!).toBeLessThan(0.01);
  });
});
