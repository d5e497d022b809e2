import { describe, expect, it } from "vitest";
import {
  blockStep,
  criticalFixedPoint,
  optimalFixedPoint,
  partitionSlope,
  plaquetteCouplings,
} from "../../../src/analysis/kadanoff/index.js";
import { DomainError } from "../../../src/errors/index.js";
import { brutalStep, type Couplings, potentialOf, project } from "./sixteen-states.js";

/** ∂K'/∂K between couplings of the 16-state map by central differences. */
function couplingMatrix(
  at: Couplings,
  p: number,
  names: readonly (keyof Couplings)[],
): readonly (readonly number[])[] {
  const h = 1e-5;
  const moved = (name: keyof Couplings, sign: number): readonly number[] => {
    const next = brutalStep(potentialOf({ ...at, [name]: (at[name] ?? 0) + sign * h }), p);
    return names.map((row) => project(next, row));
  };
  const columns = names.map((name) => {
    const [up, down] = [moved(name, 1), moved(name, -1)];
    return up.map((value, row) => (value - down[row]) / (2 * h));
  });
  return names.map((_, row) => columns.map((column) => column[row]));
}

/** det(A − λ) of a 2 × 2 or 3 × 3 matrix. */
function characteristic(a: readonly (readonly number[])[], lambda: number): number {
  const m = a.map((row, i) => row.map((x, j) => x - (i === j ? lambda : 0)));
  if (m.length === 2) return m[0][0] * m[1][1] - m[0][1] * m[1][0];
  return (
    m[0][0] * (m[1][1] * m[2][2] - m[1][2] * m[2][1]) -
    m[0][1] * (m[1][0] * m[2][2] - m[1][2] * m[2][0]) +
    m[0][2] * (m[1][0] * m[2][1] - m[1][1] * m[2][0])
  );
}

describe("Kadanoff's fixed point", () => {
  it("has the published values, to six digits", () => {
    const { parameter, couplings, linearization } = optimalFixedPoint();
    expect(parameter).toBeCloseTo(0.765983, 6);
    expect(couplings.nearest).toBeCloseTo(0.139717, 6);
    expect(couplings.diagonal).toBeCloseTo(0.139717, 6);
    expect(couplings.fourSpin).toBeCloseTo(-0.006865, 6);
    expect(couplings.field).toBeCloseTo(0, 14);
    expect(couplings.triple).toBeCloseTo(0, 14);
    expect(linearization.thermal).toBeCloseTo(1.000879, 6);
    expect(linearization.magnetic).toBeCloseTo(1.875316, 6);
    expect(linearization.even[0].real).toBeCloseTo(4, 12);
  });

  it.each(["permutation", "square"] as const)("is a fixed point of the 16-state map (%s)", (symmetry) => {
    const { parameter, couplings, linearization } = optimalFixedPoint(symmetry);
    const next = brutalStep(potentialOf(couplings), parameter);
    for (const name of ["field", "nearest", "diagonal", "triple", "fourSpin"] as const) {
      expect(project(next, name)).toBeCloseTo(couplings[name], 13);
    }
    const even = couplingMatrix(couplings, parameter, ["nearest", "diagonal", "fourSpin"]);
    for (const { real } of linearization.even.slice(1)) expect(characteristic(even, real)).toBeCloseTo(0, 7);
    const odd = couplingMatrix(couplings, parameter, ["field", "triple"]);
    for (const { real } of linearization.odd) expect(characteristic(odd, real)).toBeCloseTo(0, 7);
    expect(linearization.thermal).toBeCloseTo(Math.log2(linearization.even[1].real), 14);
    expect(linearization.magnetic).toBeCloseTo(Math.log2(linearization.odd[0].real), 14);
  });

  it.each(["permutation", "square"] as const)(
    "has the p at which the bound on ln Z is least (%s)",
    (symmetry) => {
      const { potential, parameter } = optimalFixedPoint(symmetry);
      // ln Z per site of u* itself, by running the map at another p on it
      const bound = (p: number): number => {
        let [u, share, sum] = [potential, 1, 0];
        for (let step = 0; step < 30; step++) {
          const next = blockStep(u, p).potential;
          share /= 4;
          sum += share * next[0];
          u = next.map((x) => x - next[0]);
        }
        return sum;
      };
      const best = bound(parameter);
      for (const change of [1e-3, 3e-3, 0.01, 0.03]) {
        expect(bound(parameter + change)).toBeGreaterThan(best);
        expect(bound(parameter - change)).toBeGreaterThan(best);
      }
      expect(Math.abs(partitionSlope(optimalFixedPoint(symmetry)))).toBeLessThan(1e-12);
    },
  );

  it("loses a stable direction where the square one splits off", () => {
    const below = criticalFixedPoint(0.73).linearization.even;
    const above = criticalFixedPoint(0.75).linearization.even;
    expect(below[2].real).toBeLessThan(1);
    expect(above[2].real).toBeGreaterThan(1);
    const { couplings, linearization } = criticalFixedPoint(0.75, "square");
    expect(couplings.nearest).toBeGreaterThan(couplings.diagonal + 0.01);
    expect(linearization.even[2].real).toBeLessThan(1);
  });

  it("is not looked for where there is none", () => {
    expect(() => criticalFixedPoint(0.3)).toThrow(
      /p = 0\.3: no critical fixed point of permutation symmetry.*between 0\.648 and 0\.92/,
    );
    expect(() => criticalFixedPoint(NaN)).toThrow(DomainError);
    for (const p of [0.648, 0.92]) expect(criticalFixedPoint(p).parameter).toBe(p);
    for (const p of [0.743, 0.795]) expect(criticalFixedPoint(p, "square").parameter).toBe(p);
    expect(() => criticalFixedPoint(0.72, "square")).toThrow(DomainError);
    expect(() => criticalFixedPoint(1.5, "square")).toThrow(DomainError);
  });

  it("comes with couplings that make its potential", () => {
    const { potential, couplings } = optimalFixedPoint("square");
    expect(plaquetteCouplings(potential)).toEqual(couplings);
  });
});
