import { threefry2x32 } from "../../random/index.js";
import { type BitMatrix, bitMatrix, transposeBits } from "../bit-matrix.js";
import { logistic, logTwoCosh, softplus, tanh } from "../elementary.js";
import type {
  ConditionalRequest,
  LayerArrays,
  OuterProduct,
  RbmKernels,
  SampleRequest,
  UnitType,
} from "../interface.js";
import { sampledBit } from "../single.js";
import { forEachBitProduct } from "./bit-product.js";

/** The RBM kernels in plain TypeScript: sums in double precision, results stored in single. */
export const referenceRbmKernels: RbmKernels = {
  hiddenGivenVisible(layer, visible, request) {
    conditional(layer.units, visible, layer.weights, layer.hiddenBias, request);
  },

  visibleGivenHidden(layer, hidden, request) {
    conditional(layer.units, hidden, transposed(layer), layer.visibleBias, request);
  },

  hiddenInputsOfReals({ weights, hiddenBias }, visible, out) {
    const hidden = hiddenBias.length;
    out.set(hiddenBias);
    visible.forEach((v, i) => {
      for (let j = 0; j < hidden; j++) out[j] += v * weights[i * hidden + j];
    });
  },

  addCorrelations(units, terms, hidden, out) {
    for (const { visible, hiddenMeans, scale } of terms) {
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
    }
  },

  descend(
    units,
    terms,
    { rate, momentum, l2, l1, threshold },
    hidden,
    weights,
    velocity,
    outerProducts = [],
  ) {
    const gradient = new Float32Array(weights.length);
    for (const outer of outerProducts) addOuterProduct(outer, gradient);
    referenceRbmKernels.addCorrelations(units, terms, hidden, gradient);
    for (let k = 0; k < weights.length; k++) {
      const force = gradient[k] - l2 * weights[k] - l1 * Math.sign(weights[k]);
      velocity[k] = momentum * velocity[k] + rate * force;
      const moved = weights[k] + velocity[k];
      const left = Math.abs(moved) - threshold;
      weights[k] = left <= 0 ? 0 : Math.sign(moved) * left; // not a number stays one
    }
  },

  addMeans(units, { visible, hiddenMeans, scale }, visibleOut, hiddenOut) {
    const low = units === "spin" ? -1 : 0;
    const sums = columnSums(hiddenMeans, visible.rows, hiddenOut.length);
    for (let j = 0; j < hiddenOut.length; j++) hiddenOut[j] += scale * sums[j];
    countColumns(visible).forEach((ups, i) => {
      visibleOut[i] += scale * (ups + low * (visible.rows - ups));
    });
  },
};

/** out[i, j] += v_i h_j */
export function addOuterProduct({ visible, hidden }: OuterProduct, out: Float32Array): void {
  for (let i = 0; i < visible.length; i++) {
    for (let j = 0; j < hidden.length; j++) out[i * hidden.length + j] += visible[i] * hidden[j];
  }
}

/** All that is asked of the units with inputs bias + Σ_k bits_k M_k, a row at a time in double precision. */
function conditional(
  units: UnitType,
  bits: BitMatrix,
  matrix: Float32Array,
  bias: Float32Array,
  { inverseTemperatures, inputs, means, sample, logPartitions = [] }: ConditionalRequest,
): void {
  const width = bias.length;
  const slope = units === "spin" ? 2 : 1;
  const mean = units === "spin" ? tanh : logistic;
  const logTrace = units === "spin" ? logTwoCosh : softplus;
  const offset = Float64Array.from(bias);
  if (units === "spin") {
    const total = columnSums(matrix, bits.columns, width);
    for (let j = 0; j < width; j++) offset[j] -= total[j];
  }
  sample?.out.words.fill(0);
  forEachBitProduct(bits, matrix, width, (row, sums) => {
    for (let j = 0; j < width; j++) sums[j] = offset[j] + slope * sums[j];
    for (const { inverseTemperatures: betas, out } of logPartitions) {
      const beta = betas?.[row] ?? 1;
      for (const x of sums) out[row] += logTrace(beta * x);
    }
    const beta = inverseTemperatures?.[row] ?? 1;
    for (let j = 0; j < width; j++) sums[j] *= beta;
    inputs?.set(sums, row * width);
    if (means !== undefined) for (let j = 0; j < width; j++) means[row * width + j] = mean(sums[j]);
    if (sample !== undefined) sampleRow(units, sums, row, sample);
  });
}

const block = new Uint32Array(2);

/** Draw one row, from the inputs rounded to single precision. */
function sampleRow(units: UnitType, inputs: Float64Array, row: number, { key, out }: SampleRequest): void {
  for (let column = 0; column < out.columns; column++) {
    if ((column & 1) === 0) threefry2x32(key.word0, key.word1, column >>> 1, row, block);
    const bit = sampledBit(units, inputs[column], block[column & 1]);
    out.words[row * out.wordsPerRow + (column >>> 5)] |= bit << (column & 31);
  }
}

function columnSums(matrix: Float32Array, rows: number, width: number): Float64Array {
  const sums = new Float64Array(width);
  for (let row = 0; row < rows; row++) {
    for (let j = 0; j < width; j++) sums[j] += matrix[row * width + j];
  }
  return sums;
}

/** How many rows have each bit set. */
function countColumns(bits: BitMatrix): Int32Array {
  const counts = new Int32Array(bits.columns);
  for (let row = 0; row < bits.rows; row++) {
    for (let word = 0; word < bits.wordsPerRow; word++) {
      let rest = bits.words[row * bits.wordsPerRow + word];
      while (rest !== 0) {
        counts[(word << 5) + 31 - Math.clz32(rest & -rest)]++;
        rest &= rest - 1;
      }
    }
  }
  return counts;
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
