import { type SeedKey, threefry2x32 } from "../../random/index.js";
import { type BitMatrix, bitMatrix, transposeBits } from "../bit-matrix.js";
import { exp, log1p, logistic, tanh } from "../elementary.js";
import type { LayerArrays, RbmKernels, UnitType } from "../interface.js";
import { forEachBitProduct } from "./bit-product.js";

/** The RBM kernels in plain TypeScript: sums in double precision, results stored in single. */
export const referenceRbmKernels: RbmKernels = {
  hiddenInputs(layer, visible, inputs) {
    affineBitProduct(layer.units, visible, layer.weights, layer.hiddenBias, inputs);
  },

  visibleInputs(layer, hidden, inputs) {
    affineBitProduct(layer.units, hidden, transposed(layer), layer.visibleBias, inputs);
  },

  unitMeans(units, inputs, means) {
    const mean = units === "spin" ? tanh : logistic;
    for (let i = 0; i < inputs.length; i++) means[i] = mean(inputs[i]);
  },

  sampleUnits,

  addCorrelations(units, visible, hiddenMeans, hidden, scale, out) {
    const columns = bitMatrix(visible.columns, visible.rows);
    transposeBits(visible, columns);
    const total = units === "spin" ? columnSums(hiddenMeans, visible.rows, hidden) : null;
    forEachBitProduct(columns, hiddenMeans, hidden, (i, sums) => {
      const row = i * hidden;
      if (total === null) {
        for (let j = 0; j < hidden; j++) out[row + j] += scale * sums[j];
      } else {
        for (let j = 0; j < hidden; j++) out[row + j] += scale * (2 * sums[j] - total[j]);
      }
    });
  },

  effectiveHamiltonian(layer, visible, out) {
    const slope = layer.units === "spin" ? 2 : 1;
    forEachAffineRow(layer.units, visible, layer.visibleBias, new Float32Array(1), (row, [bias]) => {
      out[row] = -bias;
    });
    forEachAffineRow(layer.units, visible, layer.weights, layer.hiddenBias, (row, inputs) => {
      for (const x of inputs) {
        out[row] -= (slope === 2 ? Math.abs(x) : Math.max(x, 0)) + log1p(exp(-slope * Math.abs(x)));
      }
    });
  },
};

/** out[s, j] = bias_j + Σ_k x_sk M_kj with x = bit (binary) or 2·bit − 1 (spin). */
function affineBitProduct(
  units: UnitType,
  bits: BitMatrix,
  matrix: Float32Array,
  bias: Float32Array,
  out: Float32Array,
): void {
  forEachAffineRow(units, bits, matrix, bias, (row, values) => {
    out.set(values, row * bias.length);
  });
}

/** The same, a row at a time in double precision; `use` receives the row's values (reused between rows). */
function forEachAffineRow(
  units: UnitType,
  bits: BitMatrix,
  matrix: Float32Array,
  bias: Float32Array,
  use: (row: number, values: Float64Array) => void,
): void {
  const width = bias.length;
  const slope = units === "spin" ? 2 : 1;
  const offset = Float64Array.from(bias);
  if (units === "spin") {
    const total = columnSums(matrix, bits.columns, width);
    for (let j = 0; j < width; j++) offset[j] -= total[j];
  }
  forEachBitProduct(bits, matrix, width, (row, sums) => {
    for (let j = 0; j < width; j++) sums[j] = offset[j] + slope * sums[j];
    use(row, sums);
  });
}

function columnSums(matrix: Float32Array, rows: number, width: number): Float64Array {
  const sums = new Float64Array(width);
  for (let row = 0; row < rows; row++) {
    for (let j = 0; j < width; j++) sums[j] += matrix[row * width + j];
  }
  return sums;
}

/** Wᵀ, hidden × visible. */
function transposed(layer: LayerArrays): Float32Array {
  const { visible, hidden, weights } = layer;
  const out = new Float32Array(weights.length);
  for (let i = 0; i < visible; i++) {
    for (let j = 0; j < hidden; j++) out[j * visible + i] = weights[i * hidden + j];
  }
  return out;
}

function sampleUnits(units: UnitType, inputs: Float32Array, key: SeedKey, out: BitMatrix): void {
  const slope = units === "spin" ? 2 : 1;
  const block = new Uint32Array(2);
  out.words.fill(0);
  for (let row = 0; row < out.rows; row++) {
    for (let column = 0; column < out.columns; column++) {
      if ((column & 1) === 0) threefry2x32(key.word0, key.word1, column >>> 1, row, block);
      const probability = logistic(slope * inputs[row * out.columns + column]);
      if (block[column & 1] < probability * 4294967296) {
        out.words[row * out.wordsPerRow + (column >>> 5)] |= 1 << (column & 31);
      }
    }
  }
}
