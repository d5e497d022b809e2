import { describe, expect, it } from "vitest";
import { DomainError } from "../../src/errors/index.js";
import { clenshawCurtis } from "../../src/ising/clenshaw-curtis.js";

function integrate(intervals: number, from: number, to: number, f: (x: number) => number): number {
  const { nodes, weights } = clenshawCurtis(intervals, from, to);
  return nodes.reduce((sum, x, j) => sum + weights[j] * f(x), 0);
}

describe("Clenshaw–Curtis quadrature", () => {
  it("integrates polynomials up to its degree exactly, on any interval", () => {
    for (const intervals of [2, 4, 8, 16]) {
      for (let degree = 0; degree <= intervals; degree++) {
        const exact = (0.7 ** (degree + 1) - (-0.2) ** (degree + 1)) / (degree + 1);
        expect(integrate(intervals, -0.2, 0.7, (x) => x ** degree)).toBeCloseTo(exact, 13);
      }
    }
    expect(integrate(2, 0, 1, (x) => x ** 4)).not.toBeCloseTo(0.2, 3);
  });

  it("is Simpson's rule with 2 intervals", () => {
    const { nodes, weights } = clenshawCurtis(2, 0, 6);
    [0, 3, 6].forEach((node, j) => {
      expect(nodes[j]).toBeCloseTo(node, 14);
      expect(weights[j]).toBeCloseTo([1, 4, 1][j], 14);
    });
  });

  it("converges fast for a smooth function, with weights above 0", () => {
    const exact = Math.E - 1;
    expect(Math.abs(integrate(8, 0, 1, Math.exp) - exact)).toBeLessThan(1e-9);
    expect(Math.abs(integrate(16, 0, 1, Math.exp) - exact)).toBeLessThan(1e-14);
    expect(clenshawCurtis(32, 0, 1).weights.every((w) => w > 0)).toBe(true);
  });

  it("has the nodes of half as many intervals among its own, to the bit", () => {
    for (const intervals of [8, 16, 32, 64]) {
      const [fine, coarse] = [clenshawCurtis(intervals, 0, 0.44), clenshawCurtis(intervals / 2, 0, 0.44)];
      coarse.nodes.forEach((node, j) => {
        expect(fine.nodes[2 * j]).toBe(node);
      });
    }
  });

  it("refuses odd or too few intervals", () => {
    for (const intervals of [0, 1, 3, 2.5]) {
      expect(() => clenshawCurtis(intervals, 0, 1)).toThrow(DomainError);
    }
  });
});
