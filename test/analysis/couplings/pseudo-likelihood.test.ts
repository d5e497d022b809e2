import { describe, expect, it } from "vitest";
import {
  allPairs,
  fitCouplings,
  latticeClasses,
  unplacedClasses,
} from "../../../src/analysis/couplings/index.js";
import { chain, torus } from "../../../src/ising/lattice.js";
import { isingModel } from "../../../src/ising/model.js";
import { bitMatrix, referenceKernels, setBit } from "../../../src/kernels/index.js";
import { RandomStream, seedKey } from "../../../src/random/index.js";
import { bondRbm } from "../../../src/rbm/bond-rbm.js";
import { perfectSamples } from "../../../src/rbm/perfect-samples.js";
import { kernels } from "../../physics/kernels.js";
import { single } from "./random-rbm.js";

describe("fitCouplings", () => {
  it("finds the couplings that independent configurations were drawn with, within its errors", () => {
    const rbm = bondRbm(isingModel(chain(10), 0.5));
    const rows = perfectSamples(single(rbm), 8000, seedKey("ring"), kernels);
    const { couplings, converged } = fitCouplings(rows, latticeClasses([10], 3), 8000);
    expect(converged).toBe(true);
    for (const { name, coupling, error } of couplings) {
      expect(Math.abs(coupling - (name === "pair 1" ? 0.5 : 0))).toBeLessThan(4 * error);
      expect(error).toBeGreaterThan(0);
      expect(error).toBeLessThan(0.02);
    }
  });

  it("is fitted at the maximum: no coupling raises the pseudo-likelihood, recomputed from its definition", () => {
    const model = isingModel(torus(3, 3), 0.3);
    const stream = new RandomStream(seedKey("rows"));
    const rows = bitMatrix(80, model.lattice.sites);
    for (let row = 0; row < 80; row++) {
      for (let i = 0; i < 9; i++) setBit(rows, row, i, stream.nextUniform() < (i < 4 ? 0.7 : 0.5) ? 1 : 0);
    }
    const classes = latticeClasses([3, 3], 1.5);
    const signs = Int8Array.from({ length: 9 }, (_, i) => (i < 4 ? 1 : -1));
    const signed = [{ ...classes[0], signs }, ...classes.slice(1)];
    const fit = fitCouplings(rows, signed, null);
    const value = (changes: readonly number[]): number => {
      let sum = 0;
      for (let row = 0; row < 80; row++) {
        const s = Array.from({ length: 9 }, (_, i) => ((rows.words[row] >>> i) & 1 ? 1 : -1));
        for (let i = 0; i < 9; i++) {
          let x = 0;
          signed.forEach(({ members, order, signs: own }, c) => {
            for (let set = 0; set < members.length / order; set++) {
              const others = [...members.subarray(set * order, (set + 1) * order)];
              if (!others.includes(i)) continue;
              const product = others.reduce((all, j) => (j === i ? all : all * s[j]), own?.[set] ?? 1);
              x += (fit.couplings[c].coupling + changes[c]) * product;
            }
          });
          sum += s[i] * x - Math.log(2 * Math.cosh(x));
        }
      }
      return sum / 720;
    };
    const none = signed.map(() => 0);
    expect(value(none)).toBeCloseTo(fit.logLikelihood, 12);
    for (let c = 0; c < signed.length; c++) {
      for (const step of [1e-3, -1e-3]) {
        expect(value(none.map((_, k) => (k === c ? step : 0)))).toBeLessThan(fit.logLikelihood);
      }
    }
  });

  it("gives every pair of a few spins its own coupling", () => {
    const rbm = single(bondRbm(isingModel(chain(5), 0.6)));
    const rows = perfectSamples(rbm, 6000, seedKey("five"), referenceKernels);
    const { couplings } = fitCouplings(rows, unplacedClasses(5, allPairs(5), true), 6000);
    expect(couplings).toHaveLength(11);
    for (const { name, coupling, error } of couplings.slice(1)) {
      const [a, b] = name.slice(5).split(",").map(Number);
      const near = b - a === 1 || b - a === 4;
      expect(Math.abs(coupling - (near ? 0.6 : 0))).toBeLessThan(4.5 * error);
    }
  });

  it("says so where there is no maximum", () => {
    const rows = bitMatrix(20, 4);
    rows.words.fill(0b1111);
    const fit = fitCouplings(rows, latticeClasses([4], 1).slice(0, 2), null);
    expect(fit.converged).toBe(false);
    expect(() => fitCouplings(bitMatrix(0, 4), [], null)).toThrow(/no configurations/);
  });
});
