import { describe, expect, it } from "vitest";
import {
  couplingAxes,
  criticalFixedPoint,
  type FlowPoint,
  kadanoffFlow,
  mapCriticalCoupling,
  optimalFixedPoint,
} from "../../../src/analysis/kadanoff/index.js";
import { brutalStep, potentialOf, project } from "./sixteen-states.js";

const fixed = optimalFixedPoint();

/** The smallest distance of a trajectory from a point in (K₁, K₂, K₄). */
function nearestApproach(points: readonly FlowPoint[], to: FlowPoint["couplings"]): number {
  return Math.min(
    ...points.map(({ couplings: { nearest, diagonal, fourSpin } }) =>
      Math.hypot(nearest - to.nearest, diagonal - to.diagonal, fourSpin - to.fourSpin),
    ),
  );
}

describe("Kadanoff's flow", () => {
  it("is the map of the 16 states, step by step, each with its own p", () => {
    const parameters = [0.9, 0.7, 0.8];
    const points = kadanoffFlow(0.43, parameters, 5);
    let couplings: FlowPoint["couplings"] | undefined;
    points.forEach((point, step) => {
      expect(point.step).toBe(step);
      if (couplings === undefined) {
        expect(point.couplings.nearest).toBeCloseTo(0.215, 15);
        expect(point.couplings.diagonal).toBeCloseTo(0, 15);
      } else {
        const p = parameters[Math.min(step - 1, 2)];
        const next = brutalStep(potentialOf(couplings), p);
        expect(point.parameter).toBe(p);
        for (const name of ["nearest", "diagonal", "fourSpin"] as const) {
          expect(point.couplings[name]).toBeCloseTo(project(next, name), 12);
        }
      }
      couplings = point.couplings;
    });
  });

  it.each([
    ["nearest", "square"],
    ["permutation", "permutation"],
  ] as const)(
    "from K_c on the %s axis comes close to the %s fixed point and parts there",
    (axis, symmetry) => {
      const { parameter } = fixed;
      const critical = mapCriticalCoupling(parameter, couplingAxes[axis]);
      const points = kadanoffFlow(critical, [parameter], 60, couplingAxes[axis]);
      const { couplings } = criticalFixedPoint(parameter, symmetry);
      expect(nearestApproach(points, couplings)).toBeLessThan(5e-4);
      for (const shift of [1e-3, 1e-5, 1e-7]) {
        const below = kadanoffFlow(critical - shift, [parameter], 60, couplingAxes[axis]);
        const above = kadanoffFlow(critical + shift, [parameter], 60, couplingAxes[axis]);
        expect(below[60].couplings.nearest).toBeLessThan(0);
        expect(above[60].couplings.nearest).toBeCloseTo(0.279, 3);
        expect(above[60].couplings.field).toBe(0);
      }
    },
  );

  it("does not know the exact K_c, and depends on p", () => {
    expect(mapCriticalCoupling(fixed.parameter)).toBeCloseTo(0.484833, 6);
    expect(mapCriticalCoupling(0.7)).toBeCloseTo(0.479158, 6);
  });

  it("has a field grow by b^{15/8} at first", () => {
    const { parameter, couplings, linearization } = fixed;
    const at = { ...couplings, constant: 0, field: 1e-8 };
    const [, first, second] = kadanoffFlow(1, [parameter], 8, at).slice(5);
    expect(Math.log2(second.couplings.field / first.couplings.field)).toBeCloseTo(linearization.magnetic, 4);
  });

  it("leaves the critical surface by a factor of b^{y_T} a step", () => {
    const { parameter, couplings, linearization } = fixed;
    const critical = mapCriticalCoupling(parameter, couplingAxes.permutation);
    const distance = (shift: number, step: number): number => {
      const points = kadanoffFlow(critical + shift, [parameter], step, couplingAxes.permutation);
      return points[step].couplings.nearest - couplings.nearest;
    };
    // The transient along the irrelevant direction is the same on both sides and cancels.
    const spread = (step: number): number => distance(1e-9, step) - distance(-1e-9, step);
    expect(Math.log2(spread(15) / spread(14))).toBeCloseTo(linearization.thermal, 3);
  });
});
