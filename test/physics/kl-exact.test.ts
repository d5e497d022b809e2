import { describe, expect, it } from "vitest";
import { bitMatrix } from "../../src/kernels/index.js";
import { common, distribution, train } from "./small-torus.js";

describe("training on the 4×4 torus at T = 2.269185 with 16 hidden units", () => {
  it.each(["1", "2", "3"])("exact gradients reach KL ≤ 0.001 nats (seed %s)", async (seed) => {
    const { kl, positiveFraction } = await train(
      bitMatrix(1, 16),
      distribution,
      { ...common, epochs: 1000 },
      seed,
    );
    expect(kl).toBeGreaterThan(0);
    expect(kl).toBeLessThanOrEqual(0.001);
    expect(positiveFraction).toBeCloseTo(0.5, 6);
  });
});
