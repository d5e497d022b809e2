import { describe, expect, it } from "vitest";
import {
  couplingOperator,
  decimationRule,
  evenCouplings,
  majorityRule,
  MonteCarloRenormalization,
  monteCarloRgResult,
  type MonteCarloRgResult,
  oddCouplings,
  type RenormalizationOptions,
  type TorusShape,
} from "../../../src/analysis/monte-carlo-rg/index.js";
import { DataError, DomainError } from "../../../src/errors/index.js";
import { rowRange } from "../../../src/kernels/bit-matrix.js";
import { seedKey } from "../../../src/random/index.js";
import { bitsOf, brutalSum, randomSpins } from "./spins.js";

const shape: TorusShape = [8, 16];
const samples = 333; // not a multiple of 32, neither of lanes nor of blocks
const configurations = bitsOf(randomSpins("configurations", samples * 128), 128);

function run(
  options: Partial<RenormalizationOptions>,
  parts: readonly number[] = [samples],
): MonteCarloRgResult {
  const renormalization = new MonteCarloRenormalization({
    shape,
    rule: majorityRule(2),
    steps: 1,
    samples,
    key: seedKey("key"),
    ...options,
  });
  let first = 0;
  for (const rows of parts) {
    renormalization.add(rowRange(configurations, first, rows));
    first += rows;
  }
  return monteCarloRgResult(renormalization);
}

describe("Monte-Carlo renormalization", () => {
  it("does not depend on the parts in which configurations come", () => {
    const whole = run({});
    expect(run({}, [1, 31, 32, 64, 5, 100, 100])).toEqual(whole);
    expect(run({}, new Array<number>(samples).fill(1))).toEqual(whole);
    expect(run({ key: seedKey("other") })).not.toEqual(whole);
    expect(run({ key: seedKey("other"), rule: decimationRule(2) })).toEqual(run({ rule: decimationRule(2) }));
  });

  it("has the means of all couplings at every level, of decimated spins by hand", () => {
    const result = run({ rule: decimationRule(2), steps: 1 });
    expect(result.blocks).toBe(32);
    expect(result.samples).toBe(320);
    const spins = randomSpins("configurations", samples * 128);
    for (const { level, coupling, value, products, parity } of result.couplings) {
      const operator = [...evenCouplings, ...oddCouplings].find(({ name }) => name === coupling)!;
      expect(parity).toBe(operator.parity);
      expect(products).toBe(operator.shapes.length);
      let total = 0;
      for (let sample = 0; sample < result.samples; sample++) {
        const row = spins.subarray(sample * 128, (sample + 1) * 128);
        const kept = row.filter(
          (_, site) => level === 0 || (Math.floor(site / 16) % 2 === 0 && site % 2 === 0),
        );
        total += brutalSum(operator, kept, level === 0 ? shape : [4, 8]);
      }
      const sites = level === 0 ? 128 : 32;
      expect(value).toBeCloseTo(total / (result.samples * sites * products), 12);
    }
  });

  it("has the matrix of independent spins: those kept keep their coupling", () => {
    // Of uncorrelated spins ⟨S'_γ S_β⟩_c = ⟨S'_γ S'_γ⟩_c where S'_γ is one of the terms of S_β, else 0.
    const magnetization = oddCouplings.slice(0, 1);
    const third = evenCouplings.filter(({ name }) => name === "third");
    const nearest = evenCouplings.filter(({ name }) => name === "nearest");
    const { matrices, exponents } = run({ rule: decimationRule(2), even: nearest, odd: magnetization });
    const [odd] = matrices.filter(({ parity }) => parity === "odd");
    expect(Math.abs(odd.value - 1)).toBeLessThan(4 * odd.error);
    expect(odd.error).toBeLessThan(0.2);
    const [even] = matrices.filter(({ parity }) => parity === "even");
    expect(Math.abs(even.value)).toBeLessThan(4 * even.error); // kept spins are never neighbours
    expect(exponents.length).toBe(2);
    expect(third.length).toBe(1);
  });

  it("has the exponent ln λ/ln b of independent spins under the majority of 2×2: λ = ⟨|Σσ|⟩ = 3/2", () => {
    // ∂K'/∂K of the field is ⟨μ Σσ⟩, block by block; blocks of other spins are independent.
    const { exponents } = run({ odd: oddCouplings.slice(0, 1) });
    const [odd] = exponents.filter(({ parity }) => parity === "odd");
    expect(Math.abs(odd.eigenvalue - 1.5)).toBeLessThan(4 * odd.eigenvalueError);
    expect(Math.abs(odd.exponent - Math.log2(1.5))).toBeLessThan(4 * odd.exponentError);
    expect(odd.exponentError).toBeLessThan(0.1);
  });

  it("lists every step, truncation and rank once", () => {
    const { exponents, matrices, couplings, rule, scale } = run({ rule: majorityRule(2) });
    expect(rule).toBe("majority 2×2");
    expect(scale).toBe(2);
    const even = exponents.filter(({ parity }) => parity === "even");
    expect(even.map(({ couplings: count, rank }) => [count, rank])).toEqual([
      [1, 1],
      ...[2, 3, 4, 5, 6, 7].flatMap((count) => [
        [count, 1],
        [count, 2],
      ]),
    ]);
    expect(even[0].from).toEqual([8, 16]);
    expect(even[0].to).toEqual([4, 8]);
    expect(matrices.length).toBe(49 + 16);
    expect(couplings.length).toBe(22);
    const [leading] = matrices;
    expect(even[0].eigenvalue).not.toBe(leading.value); // of one coupling, not of seven
    const alone = run({ even: evenCouplings.slice(0, 1), odd: oddCouplings.slice(0, 1) });
    expect(alone.matrices[0].value).toBeCloseTo(even[0].eigenvalue, 12);
    expect(alone.matrices[0].error).toBeCloseTo(even[0].eigenvalueError, 12);
    const exponent = Math.log2(Math.abs(even[0].eigenvalue));
    expect(Math.abs(even[0].exponent - exponent)).toBeLessThan(even[0].exponentError);
  });

  it("refuses lattices that cannot be divided, too few samples, and other ones than announced", () => {
    expect(() => run({ steps: 2 })).toThrow(
      /step 2 would leave 2×4 block spins.*multiples of 4, at least 16 \(nearest to 8: 16\), or at most 1 step\.$/,
    );
    expect(() => run({ rule: majorityRule(3) })).toThrow(
      /the side 8 is not divisible by 3\. Take sides that are multiples of 3, at least 12 \(nearest to 8: 12; nearest to 16: 15 and 18\)\.$/,
    );
    expect(() => run({ steps: 0 })).toThrow(DomainError);
    expect(() => run({ samples: 63 }, [63])).toThrow(DataError);
    expect(() => run({}, [100])).toThrow(/only 100 were given/);
    expect(() => run({ samples: 100 })).toThrow(DataError);
    expect(() => run({ shape: [16, 16] })).toThrow(/333 of 128 spins/);
  });

  it("says so when configurations cannot tell couplings apart", () => {
    const nearest = couplingOperator("nearest", [
      [0, 0],
      [1, 0],
    ]);
    const again = couplingOperator("again", [
      [1, 1],
      [1, 2],
    ]);
    expect(() => run({ even: [nearest, again] })).toThrow(/step 1: .* first 2 even coupling/);
  });
});
