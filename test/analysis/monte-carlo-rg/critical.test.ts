import { describe, expect, it } from "vitest";
import {
  type BlockRule,
  decimationRule,
  type ExponentEstimate,
  majorityRule,
  MonteCarloRenormalization,
  monteCarloRgResult,
  type MonteCarloRgResult,
} from "../../../src/analysis/monte-carlo-rg/index.js";
import { exactTorus } from "../../../src/ising/exact/index.js";
import { torus } from "../../../src/ising/lattice.js";
import { CRITICAL_COUPLING, isingModel } from "../../../src/ising/model.js";
import { sampleIsing } from "../../../src/ising/sample.js";
import { deriveKey, seedKey } from "../../../src/random/index.js";
import { kernels } from "../../physics/kernels.js";

async function renormalize(
  side: number,
  samples: number,
  steps: number,
  rule: BlockRule,
): Promise<MonteCarloRgResult> {
  const model = isingModel(torus(side, side), CRITICAL_COUPLING);
  const key = seedKey(`critical ${side}`);
  const options = { samples, chains: 32, algorithm: "wolff", start: "auto" } as const;
  const set = await sampleIsing(model, { ...options, thermalization: "auto", spacing: "auto" }, key, kernels);
  const run = new MonteCarloRenormalization({
    shape: [side, side],
    rule,
    steps,
    samples,
    key: deriveKey(key, "analysis"),
  });
  run.add(set.configurations);
  return monteCarloRgResult(run);
}

function leading({ exponents }: MonteCarloRgResult, step: number, parity: "even" | "odd"): ExponentEstimate {
  const found = exponents.filter((row) => row.step === step && row.parity === parity && row.rank === 1);
  return found.at(-1)!;
}

describe("at K_c", () => {
  it("majority blocks have y_T = 1 and y_H = 15/8 after the first step (32 × 32)", async () => {
    const result = await renormalize(32, 10_000, 2, majorityRule(2));
    // The first step still feels irrelevant couplings: published values are 0.97(1) and 1.8810(3).
    expect(Math.abs(leading(result, 1, "even").exponent - 0.975)).toBeLessThan(0.04);
    expect(Math.abs(leading(result, 1, "odd").exponent - 1.881)).toBeLessThan(0.003);
    const thermal = leading(result, 2, "even");
    expect(Math.abs(thermal.exponent - 1)).toBeLessThan(0.01 + 3 * thermal.exponentError);
    expect(thermal.exponentError).toBeLessThan(0.02);
    const magnetic = leading(result, 2, "odd");
    expect(Math.abs(magnetic.exponent - 1.875)).toBeLessThan(0.001 + 3 * magnetic.exponentError);
    expect(magnetic.exponentError).toBeLessThan(0.002);
    // The original lattice's nearest-neighbour mean is minus half its energy, known exactly.
    const [nearest] = result.couplings;
    const exact = -exactTorus(32, 32, CRITICAL_COUPLING).energyPerSite / 2;
    expect(Math.abs(nearest.value - exact)).toBeLessThan(4 * nearest.error);
    // At the critical point means of block spins change little from step to step.
    const means = result.couplings.filter(({ coupling }) => coupling === "nearest").map(({ value }) => value);
    expect(Math.abs(means[2] - means[1])).toBeLessThan(0.02);
  });

  it("majority blocks of side 3 agree", async () => {
    const result = await renormalize(36, 6000, 1, majorityRule(3));
    const thermal = leading(result, 1, "even");
    expect(Math.abs(thermal.exponent - 1)).toBeLessThan(0.06 + 3 * thermal.exponentError);
    expect(Math.abs(leading(result, 1, "odd").exponent - 1.875)).toBeLessThan(0.025);
  });

  it("decimation does not stay short-ranged: more couplings change y_H, which starts from 2", async () => {
    const { exponents } = await renormalize(32, 6000, 1, decimationRule(2));
    const odd = exponents.filter(({ parity, rank }) => parity === "odd" && rank === 1);
    expect(odd[0].exponent).toBeGreaterThan(1.98);
    expect(odd.at(-1)!.exponent).toBeLessThan(odd[0].exponent - 0.03);
  });
});
