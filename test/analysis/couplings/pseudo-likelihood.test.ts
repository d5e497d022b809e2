import { describe, expect, it } from "vitest";
import {
  allPairs,
  fitCouplings,
  latticeClasses,
  unplacedClasses,
} from "../../../src/analysis/couplings/index.js";
import { chain, torus } from "../../../src/ising/lattice.js";
import { isingModel } from "../../../src/ising/model.js";
import { type BitMatrix, bitMatrix, referenceKernels, setBit } from "../../../src/kernels/index.js";
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

  it("leaves constant configurations undetermined, with fields alone and with products that are the same", () => {
    const rows = bitMatrix(20, 4);
    rows.words.fill(0b1111);
    for (const count of [1, 2]) {
      const fit = fitCouplings(rows, latticeClasses([4], 1).slice(0, count), null);
      expect(fit.converged).toBe(false);
      for (const { determined, error } of fit.couplings) expect([determined, error]).toEqual([false, NaN]);
    }
    expect(() => fitCouplings(bitMatrix(0, 4), [], null)).toThrow(/no configurations/);
  });

  it("leaves all pairs of five rows of five spins undetermined, and knows those that a lattice shares", () => {
    const few = drawn(5, 5);
    const fit = fitCouplings(few, unplacedClasses(5, allPairs(5), true));
    expect(fit.converged).toBe(false);
    expect(fit.couplings.filter(({ order, determined }) => order === 2 && determined)).toEqual([]);
    const shared = fitCouplings(drawn(5, 16), latticeClasses([4, 4], 1));
    expect(shared.converged).toBe(true);
    expect(shared.couplings.every(({ determined, error }) => determined && error > 0)).toBe(true);
  });

  it("tells the couplings of a pair that is never contradicted from the others, which keep their errors", () => {
    // Spins 2 and 3 are always opposite: neither their coupling nor what each of them has with a third spin is known.
    const { couplings, converged } = fitCouplings(opposite(0), unplacedClasses(5, allPairs(5), true));
    expect(converged).toBe(false);
    const unknown = couplings.filter(({ determined }) => !determined);
    expect(unknown.map(({ name }) => name)).toEqual(
      ["0,2", "0,3", "1,2", "1,3", "2,3", "2,4", "3,4"].map((pair) => `pair ${pair}`),
    );
    for (const { determined, error, coupling } of couplings) {
      expect(Number.isNaN(error)).toBe(!determined);
      if (determined) expect(error).toBeLessThan(0.2);
      if (determined) expect(Math.abs(coupling)).toBeLessThan(5 * error + 0.5);
    }
    // Contradicted in every tenth row, it is known.
    const contradicted = fitCouplings(opposite(0.1), unplacedClasses(5, allPairs(5), true));
    expect(contradicted.converged).toBe(true);
    const pair = contradicted.couplings.find(({ name }) => name === "pair 2,3")!;
    expect(Math.abs(pair.coupling - Math.log(0.1 / 0.9) / 2)).toBeLessThan(4 * pair.error);
  });
});

/** Independent spins, up with probability 0.6. */
function drawn(count: number, spins: number): BitMatrix {
  const stream = new RandomStream(seedKey("drawn"));
  const rows = bitMatrix(count, spins);
  for (let row = 0; row < count; row++) {
    for (let i = 0; i < spins; i++) setBit(rows, row, i, stream.nextUniform() < 0.6 ? 1 : 0);
  }
  return rows;
}

/** 400 rows of five spins, independent but that spin 3 is opposite to spin 2, with a share of exceptions. */
function opposite(exceptions: number): BitMatrix {
  const stream = new RandomStream(seedKey("exceptions"));
  const rows = drawn(400, 5);
  for (let row = 0; row < 400; row++) {
    const second = ((rows.words[row] >>> 2) & 1) === 1;
    setBit(rows, row, 3, second === stream.nextUniform() < exceptions ? 1 : 0);
  }
  return rows;
}
