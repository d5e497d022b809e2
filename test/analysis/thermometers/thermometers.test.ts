import { describe, expect, it } from "vitest";
import { inverseOnsager } from "../../../src/analysis/thermometers/inverse-onsager.js";
import {
  measureSpins,
  pseudoLikelihoodCouplings,
  readThermometers,
  ReferenceCurve,
  type Thermometer,
  thermometerNames,
  thermometers,
} from "../../../src/analysis/thermometers/index.js";
import { increasingRoot } from "../../../src/analysis/thermometers/increasing-root.js";
import { residualTest } from "../../../src/analysis/thermometers/residual-test.js";
import { equalGroups } from "../../../src/analysis/thermometers/sample-groups.js";
import { DataError } from "../../../src/errors/index.js";
import { bitMatrix, packBits } from "../../../src/kernels/index.js";
import { RandomStream, seedKey } from "../../../src/random/index.js";
import { blockJackknife } from "../../../src/statistics/index.js";
import { averagesOf, exactAverages } from "./exact-averages.js";

describe("neighbourhoods", () => {
  it("are counted as their definition says, in all rows and in all but each group", () => {
    const shape = [3, 5] as const;
    const random = new RandomStream(seedKey("neighbourhoods"));
    const spins = Int8Array.from({ length: 40 * 15 }, () => (random.nextUniform() < 0.4 ? -1 : 1));
    const rows = packBits(spins, 40, 15);
    const { whole, without } = measureSpins(rows, shape, 20);
    const configurations = Array.from({ length: 40 }, (_, row) => ({
      spins: [...spins.subarray(15 * row, 15 * (row + 1))],
      weight: () => 1,
    }));
    const expected = averagesOf(configurations, shape);
    expect([...whole.neighborhoods]).toEqual([...expected.neighborhoods]);
    for (const name of ["absMagnetization", "squareMagnetization", "fourthMagnetization"] as const) {
      expect(whole[name]).toBeCloseTo(expected[name], 12);
    }
    expect(without.length).toBe(20);
    const rest = averagesOf(
      configurations.filter((_, row) => row % 20 !== 7),
      shape,
    );
    expect([...without[7].neighborhoods]).toEqual([...rest.neighborhoods]);
    expect(without[7].fourthMagnetization).toBeCloseTo(rest.fourthMagnetization, 12);
  });

  it("need a torus with sides of 3 or more, its sites, and rows enough", () => {
    for (const [shape, rows, columns] of [
      [[2, 8], 40, 16],
      [[4, 4], 40, 15],
      [[4, 4], 31, 16],
    ] as const) {
      expect(() => measureSpins(bitMatrix(rows, columns), shape, null)).toThrow(DataError);
    }
  });
});

describe("groups of samples", () => {
  it("are whole chains of equal number, or blocks in time", () => {
    const groupsOf = (samples: number, chains: number | null): readonly number[] => {
      const groups = equalGroups(samples, chains);
      return Array.from({ length: samples }, (_, row) => groups.of(row));
    };
    const sizes = (groups: readonly number[]): ReadonlySet<number> => {
      const counts = new Map<number, number>();
      for (const group of groups) if (group >= 0) counts.set(group, (counts.get(group) ?? 0) + 1);
      return new Set(counts.values());
    };
    for (const [samples, chains] of [
      [640, 64],
      [650, 65],
      [700, 100],
      [333, 17],
      [1000, 4],
      [1000, null],
    ] as const) {
      expect(sizes(groupsOf(samples, chains)).size).toBe(1);
    }
    expect(groupsOf(66, 32).slice(0, 34)).toEqual([...Array.from({ length: 32 }, (_, k) => k), 0, 1]);
    expect(groupsOf(66, 32).slice(64)).toEqual([-1, -1]);
    expect(equalGroups(1000, 65).count).toBe(32);
    expect(groupsOf(129, null).slice(0, 4)).toEqual([0, 0, 1, 1]);
  });
});

describe("couplings from exact Gibbs states", () => {
  it("are those of the state, by the pseudo-likelihood with as many couplings (3 × 3 and 3 × 4)", () => {
    for (const shape of [
      [3, 3],
      [3, 4],
    ] as const) {
      const averages = exactAverages(shape, [0.31, -0.12, 0.07]);
      const found = pseudoLikelihoodCouplings(averages, 3);
      [0.31, -0.12, 0.07].forEach((k, a) => {
        expect(Math.abs(found[a] - k)).toBeLessThan(1e-10);
      });
      const nearest = exactAverages(shape, [0.4]);
      expect(Math.abs(pseudoLikelihoodCouplings(nearest, 1)[0] - 0.4)).toBeLessThan(1e-10);
      const all = pseudoLikelihoodCouplings(nearest, 3);
      expect(Math.max(Math.abs(all[1]), Math.abs(all[2]))).toBeLessThan(1e-10);
    }
  });

  it("solve Σ(s − tanh(K n)) n = 0 for any configurations", () => {
    const random = new RandomStream(seedKey("any"));
    const spins = Array.from({ length: 36 }, () => (random.nextUniform() < 0.3 ? -1 : 1));
    const { neighborhoods, ...others } = averagesOf([{ spins, weight: () => 1 }], [6, 6]);
    const [k] = pseudoLikelihoodCouplings({ neighborhoods, ...others }, 1);
    let sum = 0;
    spins.forEach((v, site) => {
      const [x, y] = [Math.floor(site / 6), site % 6];
      const at = (a: number, b: number): number => spins[((a + 6) % 6) * 6 + ((b + 6) % 6)];
      const n = at(x + 1, y) + at(x - 1, y) + at(x, y + 1) + at(x, y - 1);
      sum += (v - Math.tanh(k * n)) * n;
    });
    expect(Math.abs(sum)).toBeLessThan(1e-9);
  });

  it("are those of the state, by the energy of the torus, also where neighbours differ", () => {
    for (const k of [0.01, 0.2, 0.44, 0.8]) {
      for (const shape of [
        [3, 3],
        [3, 4],
      ] as const) {
        const averages = exactAverages(shape, [k]);
        expect(Math.abs(inverseOnsager(averages) - k)).toBeLessThan(1e-9);
        expect(Math.abs(inverseOnsager(averages, 1.7) - k)).toBeLessThan(1e-9);
      }
    }
    expect(Math.abs(inverseOnsager(exactAverages([4, 4], [-0.3])) + 0.3)).toBeLessThan(1e-9);
  });

  it("are infinite where all spins are equal, and nothing where a reference is missing", () => {
    const up = averagesOf([{ spins: new Array<number>(16).fill(1), weight: () => 1 }], [4, 4]);
    const read = thermometerNames.map((name) => (thermometers[name] as Thermometer).coupling(up, null));
    const byName = Object.fromEntries(thermometerNames.map((name, k) => [name, read[k]]));
    expect(byName["inverse-onsager"]).toBe(Infinity);
    expect(byName["pseudo-likelihood"]).toBe(Infinity);
    expect(byName["abs-magnetization"]).toBeNaN();
    expect(byName["binder"]).toBeNaN();
  });
});

describe("the residual test", () => {
  it("compares thermometers by jackknife, and adds the variance of a reference to what rests on it alone", () => {
    const random = new RandomStream(seedKey("residuals"));
    const spins = Int8Array.from({ length: 400 * 16 }, () => (random.nextUniform() < 0.5 ? -1 : 1));
    const averages = measureSpins(packBits(spins, 400, 16), [4, 4], 40);
    const { readings, residual } = readThermometers(averages);
    expect(residual.residuals.map(({ name }) => name)).toEqual(["diagonal", "plaquette", "inverse-onsager"]);
    const [one, other] = ["inverse-onsager", "pseudo-likelihood"].map(
      (name) => readings.find(({ thermometer }) => thermometer === name)!.replicates,
    );
    const differences = one.without.map((value, group) => value - other.without[group]);
    const expected = blockJackknife(one.whole - other.whole, differences);
    const [diagonal, plaquette, energy] = residual.residuals;
    expect(energy.value).toBeCloseTo(expected.value, 12);
    expect(energy.error).toBeCloseTo(expected.error, 12);

    const referred = readings.map((reading) =>
      reading.thermometer === "inverse-onsager" ? { ...reading, referenceError: 0.01 } : reading,
    );
    const { residuals, pValue } = residualTest(averages, referred);
    expect(residuals.slice(0, 2)).toEqual([diagonal, plaquette]);
    expect(residuals[2].error ** 2 - energy.error ** 2).toBeCloseTo(0.01 ** 2, 12);
    expect(pValue).not.toBe(residual.pValue);
  });
});

describe("increasingRoot", () => {
  it("finds roots from any start, and says where there is none", () => {
    const cube = (x: number) => ({ value: x * x * x, slope: 3 * x * x });
    for (const start of [0, 0.5, 2, -7]) {
      expect(Math.abs(increasingRoot(cube, 0.7, [-1, 2], start) - Math.cbrt(0.7))).toBeLessThan(1e-12);
    }
    expect(increasingRoot(cube, 9, [-1, 2], 0)).toBe(Infinity);
    expect(increasingRoot(cube, -2, [-1, 2], 0)).toBeCloseTo(-1, 10);
    expect(increasingRoot(cube, NaN, [-1, 2], 0)).toBeNaN();
  });
});

describe("ReferenceCurve", () => {
  const couplings = Float64Array.from({ length: 21 }, (_, k) => k / 10);
  const curve = (error: number): ReferenceCurve =>
    new ReferenceCurve({
      couplings,
      values: couplings.map((k) => Math.tanh(2 * k - 2)),
      slopes: couplings.map((k) => 2 / Math.cosh(2 * k - 2) ** 2),
      errors: new Float64Array(21).fill(error),
    });

  it("reads the function backwards, with the error of its points", () => {
    const exact = curve(1e-9);
    expect(exact.range).toEqual([0, 2]);
    for (const k of [0.03, 0.77, 1, 1.94]) {
      expect(Math.abs(exact.coupling(Math.tanh(2 * k - 2)) - k)).toBeLessThan(1e-4);
      expect(exact.error(k) * (2 / Math.cosh(2 * k - 2) ** 2)).toBeCloseTo(1e-9, 11);
    }
    expect(exact.coupling(0.99)).toBeNaN();
    // Below K = 0 the tangent: noise about zero coupling.
    const slope = 2 / Math.cosh(2) ** 2;
    expect(exact.coupling(Math.tanh(-2) - 0.01 * slope)).toBeCloseTo(-0.01, 10);
  });

  it("ends where noise hides the rise", () => {
    const noisy = curve(0.01);
    // Neighbours differ by more than 4√2 · 0.01 = 0.057 between 0.5 and 1.5 or so.
    const [low, high] = noisy.range;
    expect(low).toBeGreaterThan(0.2);
    expect(low).toBeLessThan(0.5);
    expect(high).toBeCloseTo(2 - low, 10);
    expect(noisy.coupling(Math.tanh(2 * (low - 0.05) - 2))).toBeNaN();
    expect(noisy.coupling(0)).toBeCloseTo(1, 4);
  });
});
