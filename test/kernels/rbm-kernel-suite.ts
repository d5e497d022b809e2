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
import { sampledBit } from "../../src/kernels/single.js";
import {
  deriveKey,
  fillStandardNormal,
  RandomStream,
  seedKey,
  type SeedKey,
  threefry2x32,
} from "../../src/random/index.js";
import { hiddenInputs, logUnitPartition, unitMean, visibleInputs } from "../../src/rbm/energy.js";

/** Relative error of one rounding to single precision. */
const SINGLE = 2 ** -24;

/** Vector units may stop here. */
const SMALLEST_NORMAL = 2 ** -126;

interface Case {
  readonly units: UnitType;
  readonly visible: number;
  readonly hidden: number;
  readonly rows: number;
  readonly scale: number;
  readonly biased: boolean;
  readonly seed: number;
}

const edges = [1, 2, 4, 5, 6, 15, 16, 17, 31, 32, 33, 47, 48, 49, 64, 65, 79, 80, 81];
const size = fc.oneof(fc.constantFrom(...edges), fc.integer({ min: 1, max: 100 }));
const cases: fc.Arbitrary<Case> = fc.record({
  units: fc.constantFrom<UnitType>("spin", "binary"),
  visible: size,
  hidden: size,
  rows: fc.oneof(fc.constantFrom(1, 2, 4, 5, 6), fc.integer({ min: 1, max: 40 })),
  scale: fc.constantFrom(0.01, 0.3, 5),
  biased: fc.boolean(),
  seed: fc.nat(),
});
const settings = { seed: 1, numRuns: 150 };

/** Many rows, or many visible units: tables of 5 to 8 rows (assembly/tables.ts), several to a product. */
const longs = [120, 170, 300, 420, 700, 1300, 1900];
const longCases: fc.Arbitrary<Case> = fc
  .record({
    long: fc.constantFrom(...longs),
    short: fc.oneof(fc.constantFrom(32, 64, 96), fc.integer({ min: 1, max: 20 })),
    hidden: fc.integer({ min: 1, max: 20 }),
    manyRows: fc.boolean(),
    units: fc.constantFrom<UnitType>("spin", "binary"),
    biased: fc.boolean(),
    seed: fc.nat(),
  })
  .map(({ long, short, manyRows, ...rest }) => {
    const [rows, visible] = manyRows ? [long, short] : [short, long];
    return { ...rest, rows, visible, scale: 0.3 };
  });
const longSettings = { seed: 2, numRuns: 12 };

/** Many hidden units: more tiles of columns than are worked on at a time (assembly/conditional.ts). */
const wideCases: fc.Arbitrary<Case> = fc.record({
  units: fc.constantFrom<UnitType>("spin", "binary"),
  visible: fc.constantFrom(3, 170, 420),
  hidden: fc.constantFrom(129, 200, 290, 417),
  rows: fc.constantFrom(1, 2, 7),
  scale: fc.constant(0.3),
  biased: fc.boolean(),
  seed: fc.nat(),
});
const wideSettings = { seed: 3, numRuns: 5 };

/** How the arrays of a test are placed: in the kernels' own memory, or in ordinary memory that is copied in and out. */
const placements = ["arena", "ordinary"] as const;
type Placement = (typeof placements)[number];

/** A layer with normal parameters and matrices of random bits. */
class Setting {
  readonly layer: LayerArrays;
  readonly visibleRows: BitMatrix;
  readonly hiddenRows: BitMatrix;
  readonly key: SeedKey;
  readonly #arena;

  constructor(
    kernels: Kernels,
    placement: Placement,
    { units, visible, hidden, rows, scale, biased, seed }: Case,
  ) {
    this.#arena =
      placement === "arena"
        ? kernels.arena()
        : {
            float32: (n: number) => new Float32Array(n),
            words: (n: number) => new Uint32Array(n),
            release: () => undefined,
          };
    this.key = seedKey(seed);
    this.layer = {
      units,
      visible,
      hidden,
      weights: this.normal(0, visible * hidden, scale),
      visibleBias: this.normal(1, visible, biased ? scale : 0),
      hiddenBias: this.normal(2, hidden, biased ? scale : 0),
    };
    this.visibleRows = this.randomBits(rows, visible, 0);
    this.hiddenRows = this.randomBits(rows, hidden, 1);
  }

  normal(index: number, length: number, scale: number): Float32Array {
    const out = this.#arena.float32(length);
    fillStandardNormal(deriveKey(this.key, "initialWeights", index), out);
    for (let k = 0; k < length; k++) out[k] *= scale;
    return out;
  }

  /** Filled with NaN, so that what is not written shows. */
  blank(length: number): Float32Array {
    return this.#arena.float32(length).fill(NaN);
  }

  matrix(rows: number, columns: number): BitMatrix {
    return bitMatrix(rows, columns, (length) => this.#arena.words(length));
  }

  randomBits(rows: number, columns: number, index: number): BitMatrix {
    const matrix = this.matrix(rows, columns);
    const stream = new RandomStream(deriveKey(this.key, "analysis", index));
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++)
        setBit(matrix, row, column, stream.nextInteger(2) as 0 | 1);
    }
    return matrix;
  }

  release(): void {
    this.#arena.release();
  }
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

/** Errors an implementation may make. */
export interface KernelTolerances {
  /** Of a sum, relative to the sum of the magnitudes of its terms. */
  readonly sum: number;
  /** Of the elementary functions, relative. */
  readonly elementary: number;
}

/**
 * What every implementation of the RBM kernels must do: agree with the definitions of rbm/energy.ts to one rounding to
 * single precision plus the tolerances, and sample, bit for bit, what the addresses and the rule in the interface prescribe.
 */
export function describeRbmKernels(kernels: Kernels, tolerances: KernelTolerances): void {
  const both = (check: (setting: Setting, shape: Case) => void): void => {
    for (const placement of placements) {
      const property = (shapes: fc.Arbitrary<Case>): fc.IProperty<[Case]> =>
        fc.property(shapes, (shape) => {
          const setting = new Setting(kernels, placement, shape);
          check(setting, shape);
          setting.release();
        });
      fc.assert(property(cases), settings);
      fc.assert(property(longCases), longSettings);
      fc.assert(property(wideCases), wideSettings);
    }
  };

  describe(`the RBM kernels "${kernels.name}", threads: ${kernels.threads}`, () => {
    it("hiddenGivenVisible: inputs b + vW of every row", () => {
      both((setting, shape) => {
        const { layer, visibleRows } = setting;
        const inputs = setting.blank(shape.rows * shape.hidden);
        kernels.rbm.hiddenGivenVisible(layer, visibleRows, { inputs });
        const slack = tolerances.sum * (sumOf(layer.weights) + sumOf(layer.hiddenBias));
        for (let row = 0; row < shape.rows; row++) {
          hiddenInputs(layer, values(shape.units, visibleRows, row)).forEach((x, j) => {
            expectStored(inputs[row * shape.hidden + j], x, slack, `row ${row}, unit ${j}`);
          });
        }
      });
    });

    it("visibleGivenHidden: inputs c + Wh of every row", () => {
      both((setting, shape) => {
        const { layer, hiddenRows } = setting;
        const inputs = setting.blank(shape.rows * shape.visible);
        kernels.rbm.visibleGivenHidden(layer, hiddenRows, { inputs });
        const slack = tolerances.sum * (sumOf(layer.weights) + sumOf(layer.visibleBias));
        for (let row = 0; row < shape.rows; row++) {
          visibleInputs(layer, values(shape.units, hiddenRows, row)).forEach((x, i) => {
            expectStored(inputs[row * shape.visible + i], x, slack, `row ${row}, unit ${i}`);
          });
        }
      });
    });

    it("means are tanh or logistic of the inputs, at each row's inverse temperature", () => {
      both((setting, shape) => {
        const { layer, visibleRows } = setting;
        const betas = setting.blank(shape.rows).map((_, row) => 0.1 + (row % 7) / 3);
        const inputs = setting.blank(shape.rows * shape.hidden);
        const scaled = setting.blank(inputs.length);
        const means = setting.blank(inputs.length);
        kernels.rbm.hiddenGivenVisible(layer, visibleRows, { inputs });
        kernels.rbm.hiddenGivenVisible(layer, visibleRows, {
          inputs: scaled,
          means,
          inverseTemperatures: betas,
        });
        inputs.forEach((x, k) => {
          const hot = scaled[k];
          expectStored(
            hot,
            betas[Math.floor(k / shape.hidden)] * x,
            3 * SINGLE * Math.abs(hot),
            `input ${k}`,
          );
          const mean = unitMean(shape.units, hot);
          expectStored(
            means[k],
            mean,
            (tolerances.elementary + SINGLE * (2 + 2 * Math.abs(hot))) * Math.abs(mean) + 3 * SMALLEST_NORMAL,
            `mean at ${hot}`,
          );
        });
      });
    });

    it("samples, bit for bit, by the rule of `sampledBit` with the word at (key, column >>> 1, row)[column & 1]", () => {
      both((setting, shape) => {
        const { layer, visibleRows, hiddenRows, key } = setting;
        const check = (rows: BitMatrix, inputs: Float32Array): void => {
          const block = new Uint32Array(2);
          for (let row = 0; row < rows.rows; row++) {
            for (let column = 0; column < 32 * rows.wordsPerRow; column++) {
              threefry2x32(key.word0, key.word1, column >>> 1, row, block);
              const x = inputs[row * rows.columns + column];
              const bit = column < rows.columns ? sampledBit(shape.units, x, block[column & 1]) : 0;
              if (getBit(rows, row, column) !== bit) expect.fail(`row ${row}, column ${column}: not ${bit}`);
            }
          }
        };
        const hidden = setting.matrix(shape.rows, shape.hidden);
        hidden.words.fill(0xffffffff);
        const hiddenX = setting.blank(shape.rows * shape.hidden);
        kernels.rbm.hiddenGivenVisible(layer, visibleRows, { inputs: hiddenX, sample: { key, out: hidden } });
        check(hidden, hiddenX);
        const visible = setting.matrix(shape.rows, shape.visible);
        visible.words.fill(0xffffffff);
        const visibleX = setting.blank(shape.rows * shape.visible);
        const betas = setting.blank(shape.rows).map((_, row) => 2 - row / 20);
        kernels.rbm.visibleGivenHidden(layer, hiddenRows, {
          inputs: visibleX,
          inverseTemperatures: betas,
          sample: { key, out: visible },
        });
        check(visible, visibleX);
      });
    });

    it("logPartitions: out += Σ ln 2cosh(βx) or Σ softplus(βx), at two sets of inverse temperatures", () => {
      both((setting, shape) => {
        const { layer, visibleRows } = setting;
        const betas = setting.blank(shape.rows).map((_, row) => row / 5);
        const one = new Float64Array(shape.rows).fill(1);
        const two = new Float64Array(shape.rows).fill(-2);
        const logPartitions = [{ out: one }, { inverseTemperatures: betas, out: two }];
        kernels.rbm.hiddenGivenVisible(layer, visibleRows, { logPartitions });
        const terms = sumOf(layer.weights) + sumOf(layer.hiddenBias);
        for (let row = 0; row < shape.rows; row++) {
          const x = hiddenInputs(layer, values(shape.units, visibleRows, row));
          for (const [beta, found, start] of [
            [1, one[row], 1],
            [betas[row], two[row], -2],
          ]) {
            const exact = x.reduce((sum, input) => sum + logUnitPartition(shape.units, beta * input), 0);
            const inputError = (SINGLE * sumOf(x) + tolerances.sum * terms) * Math.max(beta, 1) * 2;
            const slack = inputError + (tolerances.elementary + 1e-14) * exact + 1e-14;
            if (!(Math.abs(found - start - exact) <= slack)) {
              expect.fail(`row ${row}, β = ${beta}: ${found - start}, expected ${exact} ± ${slack}`);
            }
          }
        }
      });
    });

    it("a row does not depend on what the others hold, nor an output on the others asked for, to the bit", () => {
      both((setting, shape) => {
        const { layer, visibleRows, key } = setting;
        const all = setting.blank(shape.rows * shape.hidden);
        const means = setting.blank(all.length);
        const out = setting.matrix(shape.rows, shape.hidden);
        kernels.rbm.hiddenGivenVisible(layer, visibleRows, { inputs: all, means, sample: { key, out } });
        const changed = setting.randomBits(shape.rows, shape.visible, 99);
        const last = (shape.rows - 1) * visibleRows.wordsPerRow;
        changed.words.set(visibleRows.words.subarray(last), last);
        const again = setting.blank(all.length);
        kernels.rbm.hiddenGivenVisible(layer, changed, { inputs: again });
        const lastInputs = (shape.rows - 1) * shape.hidden;
        expect(again.slice(lastInputs)).toEqual(all.slice(lastInputs));
        const alone = setting.blank(all.length);
        kernels.rbm.hiddenGivenVisible(layer, visibleRows, { means: alone });
        expect(alone).toEqual(means);
      });
    });

    it("addCorrelations: out += Σ_terms scale · Σ_s v_s p_sᵀ", () => {
      both((setting, shape) => {
        const { units, visible, hidden, rows } = shape;
        const other = setting.randomBits(rows + 3, visible, 5);
        const terms = [
          { visible: setting.visibleRows, hiddenMeans: setting.normal(3, rows * hidden, 1), scale: -0.3 },
          { visible: other, hiddenMeans: setting.normal(4, (rows + 3) * hidden, 1), scale: 1.7 },
        ];
        const before = setting.normal(5, visible * hidden, 1);
        const out = setting.blank(visible * hidden);
        out.set(before);
        kernels.rbm.addCorrelations(units, terms, hidden, out);
        const exact = correlations(units, terms, hidden);
        // the sum after each term is stored in single precision
        const slack =
          (2 * tolerances.sum + 2 * SINGLE) * sumOf(terms.flatMap((term) => Array.from(term.hiddenMeans)));
        out.forEach((found, k) => {
          expectStored(found, before[k] + exact[k], slack, `element ${k}`);
        });
      });
    });

    it("descend: one step of momentum, penalties and soft threshold on the same sum", () => {
      both((setting, shape) => {
        const { units, visible, hidden, rows } = shape;
        const terms = [
          { visible: setting.visibleRows, hiddenMeans: setting.normal(3, rows * hidden, 1), scale: 0.4 },
          {
            visible: setting.randomBits(rows, visible, 5),
            hiddenMeans: setting.normal(4, rows * hidden, 1),
            scale: -0.4,
          },
        ];
        const weights = setting.normal(5, visible * hidden, 1);
        for (let k = 0; k < weights.length; k += 3) weights[k] = 0;
        const velocity = setting.normal(6, visible * hidden, 0.1);
        const before = { weights: weights.slice(), velocity: velocity.slice() };
        const step = { rate: 0.1, momentum: 0.6, l2: 0.02, l1: 0.3, threshold: 0.2 };
        kernels.rbm.descend(units, terms, step, hidden, weights, velocity);
        const gradient = correlations(units, terms, hidden);
        const slack =
          2 *
          step.rate *
          (tolerances.sum + SINGLE) *
          sumOf(terms.flatMap((term) => Array.from(term.hiddenMeans)));
        weights.forEach((found, k) => {
          const w = before.weights[k];
          const u =
            step.momentum * before.velocity[k] +
            step.rate * (gradient[k] - step.l2 * w - step.l1 * Math.sign(w));
          const rounding =
            4 * SINGLE * (Math.abs(w) + Math.abs(u) + Math.abs(before.velocity[k]) + Math.abs(gradient[k]));
          expectStored(velocity[k], u, slack + rounding, `velocity ${k}`);
          const moved = w + u;
          const shrunk = Math.sign(moved) * Math.max(Math.abs(moved) - step.threshold, 0);
          expectStored(found, shrunk, slack + rounding, `weight ${k}`);
          if (Object.is(found, -0)) expect.fail(`weight ${k} is −0`);
        });
      });
    });

    it("descend and addCorrelations: a matrix too large for the cache, row by row as a small one", () => {
      const [visible, hidden] = [2101, 1000];
      const shape = { units: "spin", visible, hidden, rows: 3, scale: 0.3, biased: false, seed: 1 } as const;
      const setting = new Setting(kernels, "arena", shape);
      const hiddenMeans = setting.normal(3, 3 * hidden, 1);
      const step = { rate: 0.5, momentum: 0.5, l2: 0, l1: 0, threshold: 0 };
      const run = (rows: BitMatrix, weights: Float32Array, velocity: Float32Array): void => {
        const terms = [{ visible: rows, hiddenMeans, scale: 0.4 }];
        kernels.rbm.descend("spin", terms, step, hidden, weights, velocity);
        kernels.rbm.addCorrelations("spin", terms, hidden, velocity);
      };
      const { weights } = setting.layer;
      const before = weights.slice();
      const velocity = setting.blank(weights.length).fill(0.25);
      run(setting.visibleRows, weights, velocity);
      const rowOf = (all: Float32Array, i: number): Float32Array => all.slice(i * hidden, (i + 1) * hidden);
      for (let i = 0; i < visible; i += 7) {
        const column = setting.matrix(3, 1);
        for (let row = 0; row < 3; row++) setBit(column, row, 0, getBit(setting.visibleRows, row, i));
        const [w, u] = [rowOf(before, i), new Float32Array(hidden).fill(0.25)];
        run(column, w, u);
        expect(Buffer.compare(Buffer.from(rowOf(weights, i).buffer), Buffer.from(w.buffer))).toBe(0);
        expect(Buffer.compare(Buffer.from(rowOf(velocity, i).buffer), Buffer.from(u.buffer))).toBe(0);
      }
      setting.release();
    });

    it("descend: what is not a number stays so, that divergence is noticed", () => {
      const terms = [{ visible: bitMatrix(1, 2), hiddenMeans: new Float32Array(17), scale: 0 }];
      for (const threshold of [0, 0.1]) {
        const step = { rate: 1, momentum: 0.5, l2: 0, l1: 0, threshold };
        for (const place of [0, 16, 33]) {
          const [weights, velocity] = [new Float32Array(34).fill(1), new Float32Array(34)];
          weights[place] = NaN;
          kernels.rbm.descend("spin", terms, step, 17, weights, velocity);
          expect([...weights].map(Number.isNaN).indexOf(true)).toBe(place);
          const [others, broken] = [new Float32Array(34).fill(1), new Float32Array(34)];
          broken[place] = NaN;
          kernels.rbm.descend("spin", terms, step, 17, others, broken);
          expect([...others].map(Number.isNaN).indexOf(true)).toBe(place);
        }
      }
    });

    it("descend with outer products: the sum starts with them", () => {
      both((setting, shape) => {
        const { units, visible, hidden, rows } = shape;
        const terms = [
          { visible: setting.visibleRows, hiddenMeans: setting.normal(3, rows * hidden, 1), scale: 0.4 },
        ];
        const outerProducts = [0, 2].map((k) => ({
          visible: setting.normal(6 + k, visible, 1),
          hidden: setting.normal(7 + k, hidden, 1),
        }));
        const [weights, velocity] = [5, 10].map((k) => setting.normal(k, visible * hidden, 0));
        const step = { rate: 0.5, momentum: 0, l2: 0, l1: 0, threshold: 0 };
        kernels.rbm.descend(units, terms, step, hidden, weights, velocity, outerProducts);
        const gradient = correlations(units, terms, hidden);
        const slack = 2 * (tolerances.sum + SINGLE) * sumOf(terms[0].hiddenMeans);
        weights.forEach((found, k) => {
          const products = outerProducts.map(
            (outer) => outer.visible[Math.floor(k / hidden)] * outer.hidden[k % hidden],
          );
          const exact = products.reduce((sum, product) => sum + product, gradient[k]);
          const rounding = 4 * SINGLE * (sumOf(products) + Math.abs(gradient[k]));
          expectStored(found, step.rate * exact, slack + rounding, `weight ${k}`);
        });
      });
    });

    it("hiddenInputsOfReals: b + vW in double precision, the terms in order, to the bit", () => {
      both((setting, shape) => {
        const { layer } = setting;
        const visible = Float64Array.from(setting.normal(3, shape.visible, 1), (v) => v / 3);
        const out = new Float64Array(shape.hidden);
        kernels.rbm.hiddenInputsOfReals(layer, visible, out);
        out.forEach((found, j) => {
          const x = visible.reduce(
            (sum, v, i) => sum + v * layer.weights[i * shape.hidden + j],
            layer.hiddenBias[j],
          );
          expect(found).toBe(x);
        });
      });
    });

    it("addMeans: the bias parts, visible counts exact before scaling", () => {
      both((setting, shape) => {
        const { units, visible, hidden, rows } = shape;
        const hiddenMeans = setting.normal(3, rows * hidden, 1);
        const visibleOut = setting.blank(visible).fill(0.5);
        const hiddenOut = setting.blank(hidden).fill(-0.5);
        const term = { visible: setting.visibleRows, hiddenMeans, scale: 0.7 };
        kernels.rbm.addMeans(units, term, visibleOut, hiddenOut);
        const sums = new Float64Array(visible);
        for (let row = 0; row < rows; row++) {
          values(units, setting.visibleRows, row).forEach((v, i) => (sums[i] += v));
        }
        sums.forEach((sum, i) => {
          expect(visibleOut[i]).toBe(Math.fround(0.5 + 0.7 * sum));
        });
        for (let j = 0; j < hidden; j++) {
          let sum = 0;
          for (let row = 0; row < rows; row++) sum += hiddenMeans[row * hidden + j];
          expectStored(hiddenOut[j], -0.5 + 0.7 * sum, 1e-14 * sumOf(hiddenMeans), `unit ${j}`);
        }
      });
    });

    it("200 … 4500 rows: each has its inputs, trace and random numbers, whatever the last digit of a row holds", () => {
      const hidden = 150;
      for (const [rows, visible] of [
        [200, 64],
        [500, 64],
        [800, 96],
        [1500, 65],
        [2047, 37],
        [2048, 160],
        [2049, 64],
        [4500, 37],
      ] as const) {
        const shape: Case = {
          units: "spin",
          visible,
          hidden,
          rows,
          scale: 0.3,
          biased: true,
          seed: rows,
        };
        const setting = new Setting(kernels, "arena", shape);
        const { layer, visibleRows, key } = setting;
        const inputs = setting.blank(rows * hidden);
        const out = setting.matrix(rows, hidden);
        const traces = new Float64Array(rows);
        const request = { inputs, sample: { key, out }, logPartitions: [{ out: traces }] };
        kernels.rbm.hiddenGivenVisible(layer, visibleRows, request);
        const block = new Uint32Array(2);
        for (const row of [0, 1, 2, 3, 2046, 2047, 2048, rows - 2, rows - 1].filter((k) => k < rows)) {
          const alone = setting.blank(hidden);
          const trace = new Float64Array(1);
          const single = { inputs: alone, logPartitions: [{ out: trace }] };
          kernels.rbm.hiddenGivenVisible(layer, rowRange(visibleRows, row, 1), single);
          const found = inputs.subarray(row * hidden, (row + 1) * hidden);
          alone.forEach((x, column) => {
            expect(Math.abs(found[column] - x)).toBeLessThan(1e-5);
            threefry2x32(key.word0, key.word1, column >>> 1, row, block);
            expect(getBit(out, row, column)).toBe(sampledBit("spin", found[column], block[column & 1]));
          });
          expect(Math.abs(traces[row] - trace[0])).toBeLessThan(1e-4);
        }
        setting.release();
      }
    });
  });
}

interface Term {
  readonly visible: BitMatrix;
  readonly hiddenMeans: Float32Array;
  readonly scale: number;
}

/** Σ_terms scale · Σ_s v_s p_sᵀ in double precision. */
function correlations(units: UnitType, terms: readonly Term[], hidden: number): Float64Array {
  const visible = terms[0].visible.columns;
  const out = new Float64Array(visible * hidden);
  for (const { visible: rows, hiddenMeans, scale } of terms) {
    for (let row = 0; row < rows.rows; row++) {
      values(units, rows, row).forEach((v, i) => {
        for (let j = 0; j < hidden; j++) out[i * hidden + j] += scale * v * hiddenMeans[row * hidden + j];
      });
    }
  }
  return out;
}
