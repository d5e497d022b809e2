import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createSubfolder } from "../../../src/io/index.js";
import { boltzmannDistribution } from "../../../src/ising/exact/index.js";
import { torus } from "../../../src/ising/lattice.js";
import { isingModel } from "../../../src/ising/model.js";
import { bondRbm } from "../../../src/rbm/bond-rbm.js";
import { writeLayer } from "../../../src/runs/index.js";
import { withSlope } from "../../../src/studies/burns/stationarity.js";
import { kernels } from "../../physics/kernels.js";
import { run, type System } from "./runs.js";

const lattice = torus(3, 3);
const coupling = 0.4;
const model = isingModel(lattice, coupling);

/** The slope of an objective for weights that stand in a folder. */
function slopeOf(objective: System["objective"], weights: Float32Array, hidden: number): number {
  const folder = mkdtempSync(join(tmpdir(), "rbm-rg-"));
  try {
    createSubfolder(folder);
    const zero = { visibleBias: new Float32Array(9), hiddenBias: new Float32Array(hidden) };
    writeLayer(folder, 1, { units: "spin", visible: 9, hidden, weights, ...zero }, lattice.shape);
    const { config, ...rest } = run({ objective, lattice: "3x3", coupling, hidden }, {});
    const training = { ...config.training, bias: false };
    return withSlope({ ...rest, config: { ...config, training }, folder }, kernels).slope!;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** H_λ(v) of state number `state`, by its definition. */
function ownHamiltonian(state: number, weights: Float64Array, hidden: number): number {
  let total = 0;
  for (let j = 0; j < hidden; j++) {
    let input = 0;
    for (let i = 0; i < 9; i++) input += ((state >> i) & 1 ? 1 : -1) * weights[i * hidden + j];
    total -= Math.log(2 * Math.cosh(input));
  }
  return total;
}

const target = boltzmannDistribution(model);

/** KL(P‖P_λ) by its definition. */
function divergence(weights: Float64Array, hidden: number): number {
  const own = Float64Array.from(target, (_, state) => ownHamiltonian(state, weights, hidden));
  const logPartition = Math.log(own.reduce((sum, h) => sum + Math.exp(-h), 0));
  return target.reduce((sum, p, state) => sum + p * (Math.log(p) + own[state] + logPartition), 0);
}

describe("the slope of a run's objective", () => {
  const hidden = 2;
  const weights = Float32Array.from({ length: 9 * hidden }, (_, k) => 0.4 * Math.sin(3 * k + 1));

  it("is the gradient of KL by finite differences", () => {
    const step = 1e-5;
    const at = (k: number, by: number): number => {
      const moved = Float64Array.from(weights);
      moved[k] += by;
      return divergence(moved, hidden);
    };
    const gradient = Array.from(weights, (_, k) => (at(k, step) - at(k, -step)) / (2 * step));
    expect(slopeOf("kl", weights, hidden)).toBeCloseTo(Math.hypot(...gradient), 6);
    // KL² divided by its curvature 2 KL
    expect(slopeOf("data", weights, hidden)).toBeCloseTo(Math.hypot(...gradient), 6);
  });

  it("is zero at a perfect RBM for all but the literal objective, and at the zero RBM for that", () => {
    const perfect = bondRbm(model);
    const single = Float32Array.from(perfect.weights);
    for (const objective of ["kl", "trace"] as const)
      expect(slopeOf(objective, single, perfect.hidden)).toBeLessThan(1e-6);
    expect(slopeOf("literal", single, perfect.hidden)).toBeGreaterThan(1e-3);
    expect(slopeOf("literal", new Float32Array(18), hidden)).toBe(0);
    expect(slopeOf("trace", weights, hidden)).toBeGreaterThan(1e-3);
  });
});
