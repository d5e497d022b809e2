import { describe, expect, it } from "vitest";
import { covariance } from "../../../src/analysis/pca/covariance.js";
import { independentUnitMoments } from "../../../src/analysis/pca/independent-units.js";
import { modeLadder } from "../../../src/analysis/pca/mode-ladder.js";
import { modeMoments, type ModeMoments } from "../../../src/analysis/pca/mode-moments.js";
import { momentFlow, total } from "../../../src/analysis/pca/moment-flow.js";
import {
  bitObservations,
  type Observations,
  realObservations,
} from "../../../src/analysis/pca/observations.js";
import { chooseUnits, type Units } from "../../../src/analysis/pca/units.js";
import { packBits } from "../../../src/kernels/index.js";
import { seedKey } from "../../../src/random/index.js";
import { type SymmetricEigen, symmetricEigen } from "../../../src/statistics/symmetric-eigen.js";
import { largestDifference } from "../../rbm/oracle.js";
import { gaussianRows, inBlocks, independentSpins, normals } from "./random-data.js";

function modesOf(observations: Observations, mean: "data" | "zero"): { units: Units; eigen: SymmetricEigen } {
  const units = chooseUnits(covariance(observations, mean), false);
  return { units, eigen: symmetricEigen(units.covariance, units.count) };
}

function momentsOf(
  observations: Observations,
  mean: "data" | "zero",
  mostRows = Infinity,
): {
  units: Units;
  eigen: SymmetricEigen;
  moments: ModeMoments;
} {
  const { units, eigen } = modesOf(observations, mean);
  const options = { ladder: modeLadder(units.count), mostRows, groups: 32 };
  return { units, eigen, moments: modeMoments(observations, units, eigen, options) };
}

/** P_k φ with the projector written out. */
function projected({ size, vectors }: SymmetricEigen, modes: number, phi: ArrayLike<number>): number[] {
  return Array.from({ length: size }, (_, i) => {
    let sum = 0;
    for (let k = 0; k < modes; k++) {
      for (let j = 0; j < size; j++) sum += vectors[k * size + i] * vectors[k * size + j] * phi[j];
    }
    return sum;
  });
}

describe("the ladder of modes", () => {
  it("goes from 1 to N by factors of √2, and close to N by powers of two", () => {
    expect([...modeLadder(1)]).toEqual([1]);
    expect([...modeLadder(2)]).toEqual([1, 2]);
    expect([...modeLadder(20)]).toEqual([1, 2, 3, 4, 6, 8, 11, 12, 16, 18, 19, 20]);
  });
});

describe("moments through modes", () => {
  const [rows, size] = [300, 13];
  const values = gaussianRows(rows, size, normals(size * size, "mixing"), "moments").map((x) => x * x + x);

  it("are those of the projected data, from either end, in groups", () => {
    const { units, eigen, moments } = momentsOf(inBlocks(values, rows, size, 41), "data");
    expect([...moments.groupRows].reduce((sum, count) => sum + count, 0)).toBe(rows);
    moments.ladder.forEach((modes, rung) => {
      const squares = { largest: new Float64Array(size), smallest: new Float64Array(size) };
      const fourths = { largest: new Float64Array(size), smallest: new Float64Array(size) };
      for (let s = 0; s < rows; s++) {
        const phi = Array.from({ length: size }, (_, i) => values[s * size + i] - units.means[i]);
        projected(eigen, modes, phi).forEach((kept, i) => {
          const rest = phi[i] - kept;
          squares.largest[i] += kept ** 2;
          fourths.largest[i] += kept ** 4;
          squares.smallest[i] += rest ** 2;
          fourths.smallest[i] += rest ** 4;
        });
      }
      for (const end of ["largest", "smallest"] as const) {
        const found = total(moments[end][rung], null);
        const scale = Math.max(...fourths.largest);
        expect(largestDifference(found.squares, squares[end]) / scale).toBeLessThan(1e-12);
        expect(largestDifference(found.fourths, fourths[end]) / scale).toBeLessThan(1e-12);
      }
    });
  });

  it("give the eigenvalues back as variances of the modes", () => {
    const { eigen, moments } = momentsOf(realObservations(values, rows, size), "data");
    for (let k = 0; k < size; k++) {
      const sum = moments.modeSquares.reduce((squares, group) => squares + group[k], 0);
      expect(sum / rows).toBeCloseTo(eigen.values[k], 10);
    }
  });

  it("use evenly spread rows where there are more than asked for", () => {
    const thinned = Float64Array.from(
      { length: 75 * size },
      (_, k) => values[4 * Math.floor(k / size) * size + (k % size)],
    );
    const { units, eigen, moments } = momentsOf(inBlocks(values, rows, size, 41), "data", 80);
    const options = { ladder: moments.ladder, mostRows: Infinity, groups: 32 };
    const same = modeMoments(realObservations(thinned, 75, size), units, eigen, options);
    expect(moments.groupRows).toEqual(same.groupRows);
    expect(
      largestDifference(total(moments.largest[3], null).fourths, total(same.largest[3], null).fourths),
    ).toBeLessThan(1e-9);
  });
});

describe("independent units", () => {
  it("have the moments of the closed form: against all states of five unequal two-state units", () => {
    const size = 5;
    const { eigen } = modesOf(realObservations(normals(40 * size, "any basis"), 40, size), "zero");
    const scales = [1, 0.5, 2, 1.5, 0.1];
    // Unit j takes a_j with probability p_j and −b_j otherwise, with mean 0.
    const up = [0.5, 0.3, 0.8, 0.1, 0.5];
    const value = (j: number, state: number): number =>
      scales[j] * (((state >>> j) & 1) === 1 ? 1 - up[j] : -up[j]);
    const weight = (state: number): number =>
      up.reduce((product, p, j) => product * (((state >>> j) & 1) === 1 ? p : 1 - p), 1);
    const moment = (j: number, power: number): number =>
      up[j] * (scales[j] * (1 - up[j])) ** power + (1 - up[j]) * (-scales[j] * up[j]) ** power;
    const variances = Float64Array.from(scales, (_, j) => moment(j, 2));
    const fourth = Float64Array.from(scales, (_, j) => moment(j, 4) - 3 * moment(j, 2) ** 2);
    const ladder = Uint32Array.of(1, 2, 4, 5);
    const found = independentUnitMoments(eigen, ladder, { variances, fourth });
    ladder.forEach((modes, rung) => {
      const sums = [0, 1, 2, 3].map(() => new Float64Array(size));
      for (let state = 0; state < 2 ** size; state++) {
        const phi = scales.map((_, j) => value(j, state));
        projected(eigen, modes, phi).forEach((kept, i) => {
          [kept ** 2, kept ** 4, (phi[i] - kept) ** 2, (phi[i] - kept) ** 4].forEach((power, k) => {
            sums[k][i] += weight(state) * power;
          });
        });
      }
      for (let i = 0; i < size; i++) {
        expect(found.largest[rung][i]).toBeCloseTo(sums[1][i] / sums[0][i] ** 2, 10);
        if (modes < size) expect(found.smallest[rung][i]).toBeCloseTo(sums[3][i] / sums[2][i] ** 2, 10);
        else expect(found.smallest[rung][i]).toBeNaN();
      }
    });
  });

  it("of spins follow 3 − 2 Σ P⁴/P_ii² within errors at every f, and are 1 exactly at f = 1", () => {
    const [rows, size] = [20000, 48];
    const spins = (seed: string): Observations =>
      bitObservations(packBits(independentSpins(rows, size, seed), rows, size));
    // Modes found in the same rows as the moments are those of the largest variance in these rows: a bias of
    // order √(N/S), which other rows do not have.
    const { units, eigen } = modesOf(spins("modes"), "zero");
    const other = spins("moments");
    const moments = modeMoments(other, units, eigen, {
      ladder: modeLadder(size),
      mostRows: Infinity,
      groups: 32,
    });
    const nulls = independentUnitMoments(eigen, moments.ladder, {
      variances: new Float64Array(size).fill(1),
      fourth: new Float64Array(size).fill(-2),
    });
    moments.ladder.forEach((modes, rung) => {
      const { squares, fourths } = total(moments.largest[rung], null);
      let [mean, expected] = [0, 0];
      for (let i = 0; i < size; i++) {
        const unit = Array.from({ length: size }, (_, j) => (i === j ? 1 : 0));
        const p = projected(eigen, modes, unit);
        const closed = 3 - (2 * p.reduce((sum, x) => sum + x ** 4, 0)) / p[i] ** 2;
        expect(nulls.largest[rung][i]).toBeCloseTo(closed, 9);
        mean += (fourths[i] * rows) / squares[i] ** 2 / size;
        expected += closed / size;
      }
      // `modes` independent amplitudes, each nearly Gaussian: a kurtosis has the variance 24/rows.
      expect(Math.abs(mean - expected)).toBeLessThan(4 * Math.sqrt(24 / (rows * modes)));
    });
    for (const { median, independent, standardError, modes } of momentFlow(moments, eigen, seedKey("flow"))) {
      expect(Math.abs(median - independent)).toBeLessThan(modes === size ? 1e-12 : 5 * standardError);
      if (modes === size) expect(median).toBe(1);
    }
  });

  it("of spins follow it to order √(N/S) with the modes of the same rows", () => {
    const [rows, size] = [20000, 48];
    const { eigen, moments } = momentsOf(
      realObservations(independentSpins(rows, size, "same"), rows, size),
      "zero",
    );
    const flow = momentFlow(moments, eigen, seedKey("flow"));
    for (const { median, independent, standardError, fraction } of flow) {
      const bias = 4 * fraction ** 2 * Math.sqrt(size / rows);
      expect(Math.abs(median - independent)).toBeLessThan(5 * standardError + bias);
    }
    const full = flow.filter((rung) => rung.end === "largest").at(-1)!;
    expect([full.median, full.lowerQuartile, full.upperQuartile]).toEqual([1, 1, 1]);
  });

  it("Gaussian data stay at 3 within errors at every f, from either end", () => {
    const [rows, size] = [10000, 40];
    const mixing = normals(size * size, "gaussian mixing");
    const values = gaussianRows(rows, size, mixing, "gaussian");
    const { eigen, moments } = momentsOf(realObservations(values, rows, size), "data");
    const flow = momentFlow(moments, eigen, seedKey("flow"));
    expect(flow).toHaveLength(2 * moments.ladder.length - 1);
    for (const { median, standardError, interval } of flow) {
      expect(standardError).toBeLessThan(0.08);
      expect(Math.abs(median - 3)).toBeLessThan(4 * standardError + 0.005);
      expect(interval[0]).toBeLessThan(interval[1]);
    }
  });
});
