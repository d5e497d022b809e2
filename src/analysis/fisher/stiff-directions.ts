import { addProduct, matrixRows } from "../../statistics/matrix-product.js";
import { type SymmetricEigen, symmetricEigen } from "../../statistics/symmetric-eigen.js";
import type { FisherParameters } from "./gram.js";
import type { FisherStates } from "./states.js";

/** An eigenvector of the Fisher matrix, of unit length over all parameters. */
export interface StiffDirection {
  /** λ of the Fisher matrix. */
  readonly eigenvalue: number;
  /** Its part in W, n × m. */
  readonly weights: Float64Array;
  /** Its part in c, n; zeros where biases are no parameters. */
  readonly visibleBias: Float64Array;
  /** Its part in b, m; zeros where biases are no parameters. */
  readonly hiddenBias: Float64Array;
  /** Leading left singular vector of `weights`, n, of unit length, its largest component positive. */
  readonly visiblePattern: Float64Array;
  /** The right one that goes with it, m, of unit length. */
  readonly hiddenPattern: Float64Array;
  /** Share of |weights|² that these two carry: 1 if the direction changes one pattern of W. */
  readonly patternShare: number;
}

/**
 * The eigenvectors of F that belong to the largest eigenvalues λ of the Gram matrix, with eigenvectors a: u = Ḡᵀ√p a/√λ, that
 * is U_W = Σ_s β_s v_s t_sᵀ with β = √p a/√λ (Σ β = 0). At most `most`, and those with λ > 0 to rounding. Cost S n m for each.
 */
export function stiffDirections(
  states: FisherStates,
  parameters: FisherParameters,
  gram: SymmetricEigen,
  most: number,
): readonly StiffDirection[] {
  const resolved = gram.values.filter((value) => value > 1e-10 * gram.values[0]).length;
  return Array.from({ length: Math.min(most, resolved) }, (_, k) => {
    const eigenvalue = gram.values[k];
    const coefficients = stateCoefficients(
      states,
      gram.vectors.subarray(k * gram.size, (k + 1) * gram.size),
      eigenvalue,
    );
    const direction = {
      weights: weightedOuterProducts(states, parameters, coefficients),
      visibleBias: weightedSum(states.visible, parameters.visible, parameters.bias, coefficients),
      hiddenBias: weightedSum(states.hidden, parameters.hidden, parameters.bias, coefficients),
    };
    return { eigenvalue, ...direction, ...leadingPattern(direction.weights, parameters) };
  });
}

/** β_s, without what rounding leaves of its mean. */
function stateCoefficients(
  { count, probabilities }: FisherStates,
  vector: Float64Array,
  eigenvalue: number,
): Float64Array {
  const weight = (s: number): number => probabilities?.[s] ?? 1 / count;
  let rest = 0;
  for (let s = 0; s < count; s++) rest += Math.sqrt(weight(s)) * vector[s];
  return vector.map((a, s) => (Math.sqrt(weight(s)) * a - weight(s) * rest) / Math.sqrt(eigenvalue));
}

/** Σ_s β_s v_s t_sᵀ, n × m. */
function weightedOuterProducts(
  states: FisherStates,
  { visible, hidden }: FisherParameters,
  coefficients: Float64Array,
): Float64Array {
  const out = new Float64Array(visible * hidden);
  const v = transposed(states.visible, states.count, visible, coefficients);
  const t = transposed(states.hidden, states.count, hidden, null);
  addProduct(matrixRows(v, states.count), matrixRows(t, states.count), states.count, matrixRows(out, hidden));
  return out;
}

function weightedSum(
  rows: Float64Array,
  columns: number,
  counts: boolean,
  coefficients: Float64Array,
): Float64Array {
  const out = new Float64Array(columns);
  for (let s = 0; s < (counts ? coefficients.length : 0); s++) {
    for (let i = 0; i < columns; i++) out[i] += coefficients[s] * rows[s * columns + i];
  }
  return out;
}

/** The transpose of rows × columns, row s multiplied by factor s. */
function transposed(
  matrix: Float64Array,
  rows: number,
  columns: number,
  factors: Float64Array | null,
): Float64Array {
  const out = new Float64Array(matrix.length);
  for (let s = 0; s < rows; s++) {
    for (let i = 0; i < columns; i++) out[i * rows + s] = matrix[s * columns + i] * (factors?.[s] ?? 1);
  }
  return out;
}

/** The leading singular vectors of W from the eigenvectors of the smaller of W Wᵀ and WᵀW. */
function leadingPattern(
  weights: Float64Array,
  { visible, hidden }: FisherParameters,
): Pick<StiffDirection, "visiblePattern" | "hiddenPattern" | "patternShare"> {
  const wide = visible <= hidden;
  const [size, other] = wide ? [visible, hidden] : [hidden, visible];
  const rows = wide ? weights : transposed(weights, visible, hidden, null);
  const product = new Float64Array(size * size);
  addProduct(matrixRows(rows, other), matrixRows(rows, other), other, matrixRows(product, size));
  const { values, vectors } = symmetricEigen(product, size);
  const short = vectors.slice(0, size);
  const long = new Float64Array(other);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < other; j++) long[j] += (short[i] * rows[i * other + j]) / Math.sqrt(values[0]);
  }
  const [visiblePattern, hiddenPattern] = wide ? [short, long] : [long, short];
  const sign = peakSign(visiblePattern);
  return {
    visiblePattern: visiblePattern.map((x) => sign * x),
    hiddenPattern: hiddenPattern.map((x) => sign * x),
    patternShare: values[0] / values.reduce((sum, value) => sum + value, 0),
  };
}

function peakSign(vector: Float64Array): 1 | -1 {
  const peak = vector.reduce((best, value) => (Math.abs(value) > Math.abs(best) ? value : best), 0);
  return peak < 0 ? -1 : 1;
}
