import { describe, expect, it } from "vitest";
import { DomainError } from "../../../src/errors/index.js";
import {
  exactInfiniteLattice,
  exactTorus,
  exactTorusCorrelations,
  secondMomentCorrelationLength,
  squareMagnetization,
  transferMatrix,
} from "../../../src/ising/exact/index.js";
import { pfaffian } from "../../../src/ising/exact/pfaffian.js";
import { type Lattice, torus } from "../../../src/ising/lattice.js";
import { isingModel } from "../../../src/ising/model.js";
import { CRITICAL, fixture, relativeError } from "./fixture.js";

/** ⟨v_0 v_r⟩ at several couplings, by summing e^{K Σ vv'} over the states with v_0 = +1; K enters as its bond sum's weight. */
function enumeratedCorrelations(lattice: Lattice, couplings: readonly number[]): readonly Float64Array[] {
  const { sites, degree, neighbors } = lattice;
  const bonds = (sites * degree) / 2;
  // counts[bond sum][r]: states with v_0 v_r = +1 less those with −1, exact integers
  const counts = Array.from({ length: bonds + 1 }, () => new Float64Array(sites));
  for (let state = 1; state < 2 ** sites; state += 2) {
    let equal = 0;
    for (let site = 0; site < sites; site++) {
      for (let d = 0; d < degree; d += 2) {
        equal += 1 - (((state >> site) ^ (state >> neighbors[site * degree + d])) & 1);
      }
    }
    for (let r = 0; r < sites; r++) counts[equal][r] += (state >> r) & 1 ? 1 : -1;
  }
  return couplings.map((coupling) => {
    const sums = new Float64Array(sites);
    counts.forEach((row, equal) => {
      const weight = Math.exp(2 * coupling * (equal - bonds));
      for (let r = 0; r < sites; r++) sums[r] += weight * row[r];
    });
    return sums.map((sum) => sum / sums[0]);
  });
}

describe("the Pfaffian", () => {
  it("is the signed sum over pairings: order 4 in full, and of zero and singular matrices", () => {
    const [a, b, c, d, e, f] = [0.3, -1.2, 0.7, 2.1, -0.4, 0.9];
    const matrix = Float64Array.of(0, a, b, c, -a, 0, d, e, -b, -d, 0, f, -c, -e, -f, 0);
    expect(pfaffian(matrix, 4)).toBeCloseTo(a * f - b * e + c * d, 14);
    expect(pfaffian(new Float64Array(0), 0)).toBe(1);
    expect(pfaffian(new Float64Array(16), 4)).toBe(0);
    expect(pfaffian(Float64Array.of(0, 2, -2, 0), 2)).toBe(2);
  });

  it("of order 6 with only 14, 25, 36 paired is −a14 a25 a36: the sign of the crossings", () => {
    const matrix = new Float64Array(36);
    for (const [i, value] of [2, 3, 5].entries()) {
      matrix[i * 6 + i + 3] = value;
      matrix[(i + 3) * 6 + i] = -value;
    }
    expect(pfaffian(matrix, 6)).toBe(-30);
  });
});

describe("the two-point function of the torus", () => {
  it("agrees with enumeration at every distance and coupling, K_c and sides of 2 included", () => {
    const couplings = [0, 1e-4, 0.1, 0.4, CRITICAL - 1e-9, CRITICAL, CRITICAL + 1e-9, 0.5, 0.7, 3, 60];
    for (const [width, height] of [
      [2, 2],
      [2, 3],
      [3, 2],
      [3, 3],
      [3, 4],
      [2, 7],
      [5, 3],
      [4, 4],
      [4, 5],
    ]) {
      const expected = enumeratedCorrelations(torus(width, height), couplings);
      couplings.forEach((coupling, k) => {
        const correlations = exactTorusCorrelations(width, height, coupling);
        correlations.forEach((value, r) => {
          const label = `${width} x ${height}, K = ${coupling}, r = ${r}`;
          expect(Math.abs(value - expected[k][r]), label).toBeLessThan(5e-14);
        });
      });
    }
  });

  it("sums to the transfer matrix's ⟨m²⟩", () => {
    for (const [width, height] of [
      [8, 8],
      [6, 10],
      [7, 9],
      [10, 4],
      [10, 32],
    ]) {
      for (const coupling of [0.1, 0.408, CRITICAL, 0.45, 0.6, 2]) {
        const m2 = squareMagnetization(exactTorusCorrelations(width, height, coupling));
        const expected = transferMatrix(isingModel(torus(width, height), coupling)).m2;
        expect(Math.abs(m2 - expected), `${width} x ${height}, K = ${coupling}`).toBeLessThan(1e-13);
      }
    }
  });

  it("has nearest neighbours with −2G(1, 0) = E/N on large tori, −(G(1, 0) + G(0, 1)) on rectangles", () => {
    for (const [width, height] of [
      [16, 16],
      [40, 40],
      [17, 24],
    ]) {
      for (const coupling of [0.1, 0.408, CRITICAL, 0.45, 1, 5]) {
        const correlations = exactTorusCorrelations(width, height, coupling);
        const energy = -(correlations[height] + correlations[1]);
        const expected = exactTorus(width, height, coupling).energyPerSite;
        expect(Math.abs(energy - expected), `${width} x ${height}, K = ${coupling}`).toBeLessThan(3e-14);
      }
    }
  });

  it("tends to Yang's m² at large distance below T_c, and decays along the axis with the exact length above", () => {
    const ordered = exactTorusCorrelations(40, 40, 0.6);
    expect(relativeError(ordered[20 * 40 + 20], exactInfiniteLattice(0.6).magnetization ** 2)).toBeLessThan(
      1e-12,
    );
    const disordered = exactTorusCorrelations(60, 60, 0.3);
    // G(r) ~ r^{-1/2} e^{-r/ξ} (1 + O(1/r))
    const ratio = (disordered[16] / disordered[15]) * Math.sqrt(16 / 15);
    expect(-1 / Math.log(ratio) / exactInfiniteLattice(0.3).correlationLength).toBeCloseTo(1, 2);
  });

  it("is the identity at K = 0 and refuses what is no torus", () => {
    expect(exactTorusCorrelations(3, 4, 0)).toEqual(
      Float64Array.from({ length: 12 }, (_, r) => (r === 0 ? 1 : 0)),
    );
    expect(() => exactTorusCorrelations(1, 4, 0.3)).toThrow(DomainError);
    expect(() => exactTorusCorrelations(4, 4, -0.3)).toThrow(DomainError);
  });
});

describe("moments of the two-point function", () => {
  it("agree with the fixture: ⟨m²⟩ and the second-moment length at 4 x 4 and 8 x 8", () => {
    const cases = [
      ["4@0.3", 4, 0.3],
      ["4@0.408", 4, 0.408],
      ["4@Kc", 4, CRITICAL],
      ["8@0.408", 8, 0.408],
      ["8@Kc", 8, CRITICAL],
    ] as const;
    for (const [name, side, coupling] of cases) {
      const [, m2, , , length] = fixture.moments[name];
      const correlations = exactTorusCorrelations(side, side, coupling);
      expect(Math.abs(squareMagnetization(correlations) - m2), name).toBeLessThan(2e-11);
      expect(Math.abs(secondMomentCorrelationLength(correlations, side, side)! - length), name).toBeLessThan(
        5e-8,
      );
    }
  });

  it("average each axis's own estimate on a rectangle", () => {
    const [width, height] = [5, 8];
    const correlations = exactTorusCorrelations(width, height, 0.35);
    const structure = (kx: number, ky: number): number =>
      correlations.reduce((sum, value, r) => {
        const phase = (kx * Math.floor(r / height)) / width + (ky * (r % height)) / height;
        return sum + value * Math.cos(2 * Math.PI * phase);
      }, 0);
    const estimate = (s: number, side: number): number =>
      Math.sqrt(structure(0, 0) / s - 1) / (2 * Math.sin(Math.PI / side));
    const expected = (estimate(structure(1, 0), width) + estimate(structure(0, 1), height)) / 2;
    expect(secondMomentCorrelationLength(correlations, width, height)).toBeCloseTo(expected, 12);
  });

  it("say nothing of the length deep in the ordered phase, where rounding would decide it", () => {
    expect(secondMomentCorrelationLength(exactTorusCorrelations(16, 16, 3), 16, 16)).toBeUndefined();
    expect(secondMomentCorrelationLength(exactTorusCorrelations(16, 16, 1), 16, 16)).toBeGreaterThan(10);
  });
});
