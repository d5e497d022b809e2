import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type BitMatrix,
  bitMatrix,
  getBit,
  type Kernels,
  type LayerArrays,
  rowRange,
  setBit,
  unpackRow,
  type UnitType,
} from "../../src/kernels/index.js";
import {
  deriveKey,
  fillStandardNormal,
  RandomStream,
  seedKey,
  type SeedKey,
  threefry2x32,
} from "../../src/random/index.js";
import { effectiveHamiltonian, hiddenInputs, unitMean, visibleInputs } from "../../src/rbm/energy.js";

/** Relative error of one rounding to single precision. */
const SINGLE = 2 ** -24;

interface Case {
  readonly units: UnitType;
  readonly visible: number;
  readonly hidden: number;
  readonly rows: number;
  readonly scale: number;
  readonly seed: number;
}

const size = fc.oneof(fc.constantFrom(1, 2, 31, 32, 33, 64, 65), fc.integer({ min: 1, max: 80 }));
const cases: fc.Arbitrary<Case> = fc.record({
  units: fc.constantFrom<UnitType>("spin", "binary"),
  visible: size,
  hidden: size,
  rows: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 40 })),
  scale: fc.constantFrom(0.01, 0.3, 5),
  seed: fc.nat(),
});
const settings = { seed: 1, numRuns: 150 };

/** A layer with normal parameters and matrices of random bits, in the memory of `kernels`. */
function build(kernels: Kernels, { units, visible, hidden, rows, scale, seed }: Case) {
  const key = seedKey(seed);
  const normal = (index: number, length: number): Float32Array => {
    const out = kernels.allocateFloat32(length);
    fillStandardNormal(deriveKey(key, "initialWeights", index), out);
    for (let k = 0; k < length; k++) out[k] *= scale;
    return out;
  };
  const layer: LayerArrays = {
    units,
    visible,
    hidden,
    weights: normal(0, visible * hidden),
    visibleBias: normal(1, visible),
    hiddenBias: normal(2, hidden),
  };
  return {
    layer,
    visibleRows: randomBits(kernels, rows, visible, deriveKey(key, "analysis", 0)),
    hiddenRows: randomBits(kernels, rows, hidden, deriveKey(key, "analysis", 1)),
    key,
  };
}

function randomBits(kernels: Kernels, rows: number, columns: number, key: SeedKey): BitMatrix {
  const matrix = bitMatrix(rows, columns, (length) => kernels.allocateWords(length));
  const stream = new RandomStream(key);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      setBit(matrix, row, column, stream.nextInteger(2) as 0 | 1);
    }
  }
  return matrix;
}

/** One row as numbers in the units of the model. */
function values(units: UnitType, matrix: BitMatrix, row: number): Float64Array {
  const out = new Float64Array(matrix.columns);
  unpackRow(matrix, row, out, units === "spin" ? -1 : 0);
  return out;
}

function sumOf(array: ArrayLike<number>): number {
  let total = 0;
  for (let k = 0; k < array.length; k++) total += Math.abs(array[k]);
  return total;
}

/** `found` is `expected`, stored in single precision, up to `slack`; NaN fails. */
function expectStored(found: number, expected: number, slack: number, what: string): void {
  const error = Math.abs(found - expected);
  const bound = SINGLE * Math.abs(expected) + slack + 1e-45;
  if (!(error <= bound)) expect.fail(`${what}: ${found}, expected ${expected} ± ${bound}`);
}

/**
 * What every implementation of the RBM kernels must do: agree with the definitions of rbm/energy.ts to one rounding to
 * single precision plus `sumError` × the sum of the magnitudes of all terms, and sample the bits that the addresses in
 * the interface prescribe.
 */
export function describeRbmKernels(kernels: Kernels, sumError: number): void {
  describe(`the RBM kernels "${kernels.name}"`, () => {
    it("hiddenInputs: b + vW of every row", () => {
      fc.assert(
        fc.property(cases, (shape) => {
          const { layer, visibleRows } = build(kernels, shape);
          const found = kernels.allocateFloat32(shape.rows * shape.hidden).fill(NaN);
          kernels.rbm.hiddenInputs(layer, visibleRows, found);
          const slack = sumError * (sumOf(layer.weights) + sumOf(layer.hiddenBias));
          for (let row = 0; row < shape.rows; row++) {
            hiddenInputs(layer, values(shape.units, visibleRows, row)).forEach((x, j) => {
              expectStored(found[row * shape.hidden + j], x, slack, `row ${row}, unit ${j}`);
            });
          }
        }),
        settings,
      );
    });

    it("visibleInputs: c + Wh of every row", () => {
      fc.assert(
        fc.property(cases, (shape) => {
          const { layer, hiddenRows } = build(kernels, shape);
          const found = kernels.allocateFloat32(shape.rows * shape.visible).fill(NaN);
          kernels.rbm.visibleInputs(layer, hiddenRows, found);
          const slack = sumError * (sumOf(layer.weights) + sumOf(layer.visibleBias));
          for (let row = 0; row < shape.rows; row++) {
            visibleInputs(layer, values(shape.units, hiddenRows, row)).forEach((x, i) => {
              expectStored(found[row * shape.visible + i], x, slack, `row ${row}, unit ${i}`);
            });
          }
        }),
        settings,
      );
    });

    it("a row's inputs do not depend on the rows beside it, to the bit", () => {
      fc.assert(
        fc.property(cases, (shape) => {
          const { layer, visibleRows } = build(kernels, shape);
          const all = kernels.allocateFloat32(shape.rows * shape.hidden);
          kernels.rbm.hiddenInputs(layer, visibleRows, all);
          const last = kernels.allocateFloat32(shape.hidden);
          kernels.rbm.hiddenInputs(layer, rowRange(visibleRows, shape.rows - 1, 1), last);
          expect(last).toEqual(all.slice((shape.rows - 1) * shape.hidden));
        }),
        settings,
      );
    });

    it("unitMeans: tanh and logistic, also in place and far out", () => {
      for (const units of ["spin", "binary"] as const) {
        const inputs = kernels.allocateFloat32(1003);
        fillStandardNormal(seedKey("means"), inputs);
        for (let k = 0; k < inputs.length; k++) inputs[k] *= 10 ** ((k % 9) - 6);
        inputs.set([0, 1e4, -1e4], 500);
        const means = kernels.allocateFloat32(inputs.length);
        kernels.rbm.unitMeans(units, inputs, means);
        inputs.forEach((x, k) => {
          expectStored(means[k], unitMean(units, x), 1e-15 * Math.abs(x), `mean at ${x}`);
        });
        kernels.rbm.unitMeans(units, inputs, inputs);
        expect(inputs).toEqual(means);
      }
    });

    it("addCorrelations: out += scale · Σ_s v_s p_sᵀ", () => {
      fc.assert(
        fc.property(cases, (shape) => {
          const { units, visible, hidden, rows } = shape;
          const { visibleRows, key } = build(kernels, shape);
          const means = kernels.allocateFloat32(rows * hidden);
          fillStandardNormal(deriveKey(key, "analysis", 2), means);
          const before = kernels.allocateFloat32(visible * hidden);
          fillStandardNormal(deriveKey(key, "analysis", 3), before);
          const out = kernels.allocateFloat32(visible * hidden);
          out.set(before);
          kernels.rbm.addCorrelations(units, visibleRows, means, hidden, -0.3, out);
          const slack = sumError * sumOf(means);
          for (let i = 0; i < visible; i++) {
            for (let j = 0; j < hidden; j++) {
              let sum = 0;
              for (let row = 0; row < rows; row++) {
                const v = getBit(visibleRows, row, i) === 1 ? 1 : units === "spin" ? -1 : 0;
                sum += v * means[row * hidden + j];
              }
              const k = i * hidden + j;
              expectStored(out[k], before[k] - 0.3 * sum, slack, `element ${i}, ${j}`);
            }
          }
        }),
        settings,
      );
    });

    it("effectiveHamiltonian: H_λ of every row, from inputs in single precision", () => {
      fc.assert(
        fc.property(cases, (shape) => {
          const { layer, visibleRows } = build(kernels, shape);
          const found = new Float64Array(shape.rows).fill(NaN);
          kernels.rbm.effectiveHamiltonian(layer, visibleRows, found);
          const terms = sumOf(layer.weights) + sumOf(layer.hiddenBias) + sumOf(layer.visibleBias);
          for (let row = 0; row < shape.rows; row++) {
            const v = values(shape.units, visibleRows, row);
            const expected = effectiveHamiltonian(layer, v);
            const inputError = SINGLE * (sumOf(hiddenInputs(layer, v)) + sumOf(layer.visibleBias));
            const slack = inputError + sumError * terms;
            if (!(Math.abs(found[row] - expected) <= slack + 1e-14 * Math.abs(expected) + 1e-14)) {
              expect.fail(`row ${row}: ${found[row]}, expected ${expected} ± ${slack}`);
            }
          }
        }),
        settings,
      );
    });

    it("sampleUnits: bit = [word < 2^32 · P(upper)] with the word at (key, column >>> 1, row)[column & 1]", () => {
      fc.assert(
        fc.property(cases, ({ units, visible, rows, seed }) => {
          const key = seedKey(seed);
          const inputs = kernels.allocateFloat32(rows * visible);
          fillStandardNormal(deriveKey(key, "analysis"), inputs);
          const out = bitMatrix(rows, visible, (length) => kernels.allocateWords(length));
          out.words.fill(0xffffffff);
          kernels.rbm.sampleUnits(units, inputs, key, out);
          const block = new Uint32Array(2);
          for (let row = 0; row < rows; row++) {
            for (let column = 0; column < 32 * out.wordsPerRow; column++) {
              threefry2x32(key.word0, key.word1, column >>> 1, row, block);
              const x = inputs[row * visible + column];
              const upper = 1 / (1 + Math.exp(units === "spin" ? -2 * x : -x));
              const bit = column < visible && block[column & 1] < upper * 2 ** 32 ? 1 : 0;
              if (getBit(out, row, column) !== bit) expect.fail(`row ${row}, column ${column}: not ${bit}`);
            }
          }
        }),
        settings,
      );
    });

    it("sampleUnits: frequencies are the conditional probabilities within 4 standard errors", () => {
      const columns = 35;
      const rows = 20_000;
      for (const units of ["spin", "binary"] as const) {
        const inputs = kernels.allocateFloat32(rows * columns);
        const input = (column: number): number => (column - 17) / 5;
        for (let k = 0; k < inputs.length; k++) inputs[k] = input(k % columns);
        const out = bitMatrix(rows, columns, (length) => kernels.allocateWords(length));
        kernels.rbm.sampleUnits(units, inputs, seedKey("frequencies"), out);
        for (let column = 0; column < columns; column++) {
          let ups = 0;
          for (let row = 0; row < rows; row++) ups += getBit(out, row, column);
          const p = (1 + unitMean("spin", units === "spin" ? input(column) : input(column) / 2)) / 2;
          expect(Math.abs(ups - rows * p), `column ${column}`).toBeLessThan(
            4 * Math.sqrt(rows * p * (1 - p)),
          );
        }
      }
    });

    it("sampleUnits: strong inputs decide alone", () => {
      const inputs = kernels.allocateFloat32(66);
      for (let k = 0; k < inputs.length; k++) inputs[k] = k % 2 === 0 ? 1e4 : -1e4;
      const out = bitMatrix(2, 33, (length) => kernels.allocateWords(length));
      kernels.rbm.sampleUnits("binary", inputs, seedKey("strong"), out);
      for (let k = 0; k < 66; k++) expect(getBit(out, Math.floor(k / 33), k % 33)).toBe(1 - (k % 2));
    });
  });
}
