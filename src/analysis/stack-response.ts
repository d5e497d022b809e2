import type { LayerArrays } from "../kernels/index.js";
import { composeFields, receptiveFields } from "./weight-product.js";

/**
 * The response of every hidden unit to every visible spin, ⟨∂⟨h_j⟩/∂v_i⟩, averaged over configurations: what the weight product
 * leaves out is that a saturated unit passes nothing on. Through the stack ⟨h⟩ is the mean-field up-pass t⁽ˡ⁾ = f(b⁽ˡ⁾ + t⁽ˡ⁻¹⁾W⁽ˡ⁾)
 * and the derivative is exact, by the chain rule
 *   ∂t⁽ˡ⁾/∂v = W⁽¹⁾ D⁽¹⁾ W⁽²⁾ D⁽²⁾ … W⁽ˡ⁾ D⁽ˡ⁾,  D = diag f′ = diag(1 − t²).
 * `means` are the t of every layer in [−1, 1], rows × units, as `hiddenMeans` gives them. For 0/1 units t = 2p − 1, and the
 * response of 2p − 1 to v in ±1 is that of p to v in 0/1, D = diag(1 − t²)/4. Entry l of the result is unit-major, units × sites.
 * Cost, for each layer l: rows · Σ_{1<k<l} m_{k−1} m_k m_l, and once n m_1 m_l.
 */
export function stackResponses(
  layers: readonly LayerArrays[],
  means: readonly Float32Array[],
): readonly Float64Array[] {
  const slopes = layers.map(({ units }, index) => unitSlopes(means[index], units === "spin" ? 1 : 1 / 4));
  const [first] = receptiveFields(layers.slice(0, 1));
  return layers.map((_, top) => {
    const weights = averagedChain(layers.slice(0, top + 1), slopes);
    return composeFields(first, { visible: layers[0].hidden, hidden: layers[top].hidden, weights });
  });
}

/** f′ of every unit for every row. */
function unitSlopes(means: Float32Array, scale: number): Float64Array {
  return Float64Array.from(means, (t) => scale * (1 - t * t));
}

/** ⟨D⁽¹⁾ W⁽²⁾ D⁽²⁾ … W⁽ˡ⁾ D⁽ˡ⁾⟩ over the rows, m_1 × m_l row-major. */
function averagedChain(layers: readonly LayerArrays[], slopes: readonly Float64Array[]): Float64Array {
  const top = layers.length - 1;
  const [bottomUnits, topUnits] = [layers[0].hidden, layers[top].hidden];
  const rows = slopes[0].length / bottomUnits;
  const slope = (layer: number, row: number): Float64Array =>
    slopes[layer].subarray(row * layers[layer].hidden, (row + 1) * layers[layer].hidden);
  const average = new Float64Array(bottomUnits * topUnits);
  for (let row = 0; row < rows; row++) {
    if (top === 0) {
      slope(0, row).forEach((value, j) => (average[j * topUnits + j] += value / rows));
      continue;
    }
    let chain = scaleColumns(layers[top].weights, slope(top, row));
    for (let layer = top - 1; layer > 0; layer--) {
      chain = multiply(layers[layer], scaleRows(chain, slope(layer, row)), topUnits);
    }
    scaleRows(chain, slope(0, row)).forEach((value, index) => (average[index] += value / rows));
  }
  return average;
}

/** W D */
function scaleColumns(matrix: Float32Array, diagonal: Float64Array): Float64Array {
  return Float64Array.from(matrix, (value, index) => value * diagonal[index % diagonal.length]);
}

/** D · matrix, in place. */
function scaleRows(matrix: Float64Array, diagonal: Float64Array): Float64Array {
  const columns = matrix.length / diagonal.length;
  for (let index = 0; index < matrix.length; index++) matrix[index] *= diagonal[Math.floor(index / columns)];
  return matrix;
}

/** W · matrix, the matrix hidden × columns. */
function multiply(
  { visible, hidden, weights }: LayerArrays,
  matrix: Float64Array,
  columns: number,
): Float64Array {
  const out = new Float64Array(visible * columns);
  for (let k = 0; k < visible; k++) {
    for (let j = 0; j < hidden; j++) {
      const factor = weights[k * hidden + j];
      if (factor === 0) continue;
      for (let c = 0; c < columns; c++) out[k * columns + c] += factor * matrix[j * columns + c];
    }
  }
  return out;
}
