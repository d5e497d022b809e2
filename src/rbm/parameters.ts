import { DomainError } from "../errors/index.js";
import { arrayView, type LayerArrays, type NdArray, type UnitType } from "../kernels/index.js";
import { fillStandardNormal, type SeedKey } from "../random/index.js";

export type { UnitType } from "../kernels/index.js";

/** Numbers in single (training) or double (analysis) precision. */
export type RealArray = Float32Array | Float64Array;

/**
 * A restricted Boltzmann machine, E(v, h) = −c·v − b·h − vᵀWh, P(v, h) = e^{−E}/Z. A positive weight is ferromagnetic;
 * Liu writes the energy with + signs (eq. 2), so his parameters are these negated.
 */
export interface Rbm {
  /** The values of the units of both layers. */
  readonly units: UnitType;
  /** n, the number of visible units. */
  readonly visible: number;
  /** m, the number of hidden units. */
  readonly hidden: number;
  /** W, row-major n × m: weights[i·m + j] joins visible i and hidden j. */
  readonly weights: RealArray;
  /** c, length n. */
  readonly visibleBias: RealArray;
  /** b, length m. */
  readonly hiddenBias: RealArray;
}

/**
 * The RBM with all parameters zero (the uniform distribution), in single precision. DomainError for a layer without
 * units.
 *
 * @param units the values of the units of both layers
 * @param visible n, the number of visible units
 * @param hidden m, the number of hidden units
 * @param allocate gives the memory of so many numbers, all zero; ordinary memory by default
 */
export function zeroRbm(
  units: UnitType,
  visible: number,
  hidden: number,
  allocate: (length: number) => Float32Array = (length) => new Float32Array(length),
): LayerArrays {
  for (const [name, size] of [
    ["visible", visible],
    ["hidden", hidden],
  ] as const) {
    if (!Number.isInteger(size) || size < 1) {
      throw new DomainError(`${size} ${name} units: expected a whole number ≥ 1.`);
    }
  }
  return {
    units,
    visible,
    hidden,
    weights: allocate(visible * hidden),
    visibleBias: allocate(visible),
    hiddenBias: allocate(hidden),
  };
}

/**
 * Draw the weights from N(0, deviation²); biases stay as they are.
 *
 * @param rbm whose weights are overwritten
 * @param deviation standard deviation of a weight
 * @param key names the random numbers
 */
export function initializeWeights(rbm: LayerArrays, deviation: number, key: SeedKey): void {
  fillStandardNormal(key, rbm.weights);
  for (let i = 0; i < rbm.weights.length; i++) rbm.weights[i] *= deviation;
}

/**
 * W as a matrix of shape (visible, hidden): a view of the weights, no copy. DomainError if there are not as many.
 *
 * @param rbm an RBM in single or double precision
 */
export function weightMatrix<D extends RealArray>({
  visible,
  hidden,
  weights,
}: Pick<Rbm, "visible" | "hidden"> & { readonly weights: D }): NdArray<D> {
  return arrayView(weights, [visible, hidden]);
}

/** A copy in double precision. */
export function toDouble(rbm: Rbm): Rbm {
  return {
    ...rbm,
    weights: Float64Array.from(rbm.weights),
    visibleBias: Float64Array.from(rbm.visibleBias),
    hiddenBias: Float64Array.from(rbm.hiddenBias),
  };
}

/** An RBM in the other unit convention and the constant by which its energy differs. */
export interface ConvertedRbm {
  /** The same distribution in the other convention; in double precision unless nothing had to change. */
  readonly rbm: Rbm;
  /** E_given(v, h) = E_converted(v, h) − constant, so ln Z_given = ln Z_converted + constant. */
  readonly constant: number;
}

/**
 * The same distribution written for ±1 units: with v01 = (1 + v±)/2, W± = W01/4, c± = c01/2 + Σ_j W01/4,
 * b± = b01/2 + Σ_i W01/4. A spin RBM is returned unchanged. Note that a penalty on the weights is not invariant.
 */
export function toSpin(rbm: Rbm): ConvertedRbm {
  if (rbm.units === "spin") return { rbm, constant: 0 };
  const [rows, columns, total] = weightSums(rbm);
  return {
    rbm: {
      ...rbm,
      units: "spin",
      weights: Float64Array.from(rbm.weights, (w) => w / 4),
      visibleBias: Float64Array.from(rbm.visibleBias, (c, i) => c / 2 + rows[i] / 4),
      hiddenBias: Float64Array.from(rbm.hiddenBias, (b, j) => b / 2 + columns[j] / 4),
    },
    constant: sum(rbm.visibleBias) / 2 + sum(rbm.hiddenBias) / 2 + total / 4,
  };
}

/**
 * The same distribution written for 0/1 units: with v± = 2 v01 − 1, W01 = 4 W±, c01 = 2c± − 2 Σ_j W±, b01 likewise. A
 * binary RBM is returned unchanged.
 */
export function toBinary(rbm: Rbm): ConvertedRbm {
  if (rbm.units === "binary") return { rbm, constant: 0 };
  const [rows, columns, total] = weightSums(rbm);
  return {
    rbm: {
      ...rbm,
      units: "binary",
      weights: Float64Array.from(rbm.weights, (w) => 4 * w),
      visibleBias: Float64Array.from(rbm.visibleBias, (c, i) => 2 * (c - rows[i])),
      hiddenBias: Float64Array.from(rbm.hiddenBias, (b, j) => 2 * (b - columns[j])),
    },
    constant: total - sum(rbm.visibleBias) - sum(rbm.hiddenBias),
  };
}

function weightSums({
  visible,
  hidden,
  weights,
}: Rbm): [rows: Float64Array, columns: Float64Array, total: number] {
  const rows = new Float64Array(visible);
  const columns = new Float64Array(hidden);
  for (let i = 0; i < visible; i++) {
    for (let j = 0; j < hidden; j++) {
      rows[i] += weights[i * hidden + j];
      columns[j] += weights[i * hidden + j];
    }
  }
  return [rows, columns, sum(rows)];
}

function sum(values: RealArray): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

/** Σ W² + Σ b² + Σ c². */
export function squaredNorm(rbm: Rbm): number {
  let total = 0;
  for (const array of [rbm.weights, rbm.visibleBias, rbm.hiddenBias]) {
    for (const value of array) total += value * value;
  }
  return total;
}
