import { describe, expect, it } from "vitest";
import { isingModel } from "../../../src/ising/model.js";
import { enumerateIsing } from "../../../src/ising/exact/index.js";
import { torus } from "../../../src/ising/lattice.js";
import { excessOf, exactTorusOf, reachableCoupling } from "../../../src/studies/burns/threshold.js";
import { locateTransition } from "../../../src/studies/burns/transition.js";

const lattice = torus(4, 4);

/** ‖λ‖² at evenly spaced couplings, by its leading order and a correction to it of relative order ‖λ‖². */
function norms(first: number, step: number, count: number, hidden: number, correction = 0.05) {
  return Array.from({ length: count }, (_, k) => {
    const coupling = first + k * step;
    const leading = 2 * Math.max(0, excessOf(lattice, coupling, hidden));
    return { coupling, squaredNorm: leading * (1 + correction * leading) };
  });
}

describe("the transition of the literal objective", () => {
  it("is found between the couplings where ‖λ‖² extrapolates to zero, well within its bracket", () => {
    for (const hidden of [2, 4, 8]) {
      const predicted = reachableCoupling(lattice, hidden);
      for (const first of [0.2401, 0.2412, 0.243]) {
        const found = locateTransition(norms(first, 0.004, 80, hidden))!;
        expect(found.lastCollapsed).toBeLessThan(predicted);
        expect(found.firstGrown).toBeGreaterThan(predicted);
        expect(Math.abs(found.coupling / predicted - 1)).toBeLessThan(1e-3);
        expect(found.error).toBeLessThan(1e-3 * predicted);
      }
    }
  });

  it("is where the numbers have it, not where it is predicted", () => {
    const shifted = norms(0.3, 0.004, 40, 4).map(({ coupling, squaredNorm }) => ({
      coupling: coupling + 0.02,
      squaredNorm,
    }));
    expect(locateTransition(shifted)!.coupling).toBeCloseTo(reachableCoupling(lattice, 4) + 0.02, 3);
  });

  it("has an error of the size of what scatter does to it", () => {
    const predicted = reachableCoupling(lattice, 4);
    const scattered = norms(0.3, 0.004, 40, 4).map(({ coupling, squaredNorm }, k) => ({
      coupling,
      squaredNorm: squaredNorm * (1 + 0.02 * Math.cos(40 * k)),
    }));
    const { coupling, error } = locateTransition(scattered)!;
    expect(error).toBeGreaterThan(1e-5);
    expect(Math.abs(coupling - predicted)).toBeLessThan(4 * error);
  });

  it("is not found without a collapsed coupling, or with too few above", () => {
    const points = norms(0.34, 0.004, 20, 4);
    const above = points.filter(({ squaredNorm }) => squaredNorm > 0);
    expect(locateTransition(above)).toBeNull();
    const below = points.filter(({ squaredNorm }) => squaredNorm === 0);
    expect(locateTransition([...below, ...above.slice(0, 3)])).toBeNull();
    expect(locateTransition([...below, ...above.slice(0, 4)])).not.toBeNull();
    expect(locateTransition(below)).toBeNull();
    expect(locateTransition([])).toBeNull();
  });
});

describe("the predicted threshold", () => {
  it("is where ln Z = (n + m) ln 2, with ln Z as enumerated", () => {
    const predicted = reachableCoupling(lattice, 4);
    expect(enumerateIsing(isingModel(lattice, predicted)).logPartition).toBeCloseTo(20 * Math.LN2, 10);
    expect(exactTorusOf(lattice, 0.3).logPartition).toBeCloseTo(
      enumerateIsing(isingModel(lattice, 0.3)).logPartition,
      10,
    );
  });

  it("comes to the known values on large lattices", () => {
    const large = torus(256, 256);
    for (const [alpha, coupling] of [
      [1 / 8, 0.28416],
      [1 / 4, 0.38797],
      [1 / 2, 0.50793],
      [1, 0.69086],
    ])
      expect(reachableCoupling(large, alpha * large.sites)).toBeCloseTo(coupling, 4);
  });
});
