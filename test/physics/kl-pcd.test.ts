import { beforeAll, describe, expect, it } from "vitest";
import { sampleIsing } from "../../src/ising/sample.js";
import type { BitMatrix } from "../../src/kernels/index.js";
import { seedKey } from "../../src/random/index.js";
import type { TrainingOptions } from "../../src/rbm/training-options.js";
import { common, model, train } from "./small-torus.js";
import { kernels } from "./kernels.js";

describe("training on the 4×4 torus at T = 2.269185 with 16 hidden units", () => {
  let rows: BitMatrix;
  beforeAll(async () => {
    const options = {
      samples: 100_000,
      algorithm: "auto",
      chains: 32,
      thermalization: "auto",
      spacing: "auto",
      start: "auto",
    } as const;
    rows = (await sampleIsing(model, options, seedKey("4×4"), kernels)).configurations;
  });

  it.each(["1", "2", "3"])(
    "persistent contrastive divergence reaches KL ≤ 0.01 nats (seed %s)",
    async (seed) => {
      const options: TrainingOptions = {
        ...common,
        estimator: "pcd",
        epochs: 60,
        learningRate: 0.02,
        finalLearningRate: 0.0002,
        rateSchedule: "linear",
        secondMomentDecay: 0.999,
      };
      const { kl } = await train(rows, null, options, seed);
      expect(kl).toBeGreaterThan(0);
      expect(kl).toBeLessThanOrEqual(0.01);
    },
  );
});
