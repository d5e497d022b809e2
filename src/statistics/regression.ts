import { DataError, DomainError } from "../errors/index.js";
import { choleskyFactor, choleskySolve } from "./cholesky.js";
import { compensatedSum } from "./moments.js";

/** A linear fit. */
export interface Regression {
  /** b, one per regressor. */
  readonly coefficients: Float64Array;
  /** One standard deviation of each coefficient. */
  readonly standardErrors: Float64Array;
  /** Covariance of the coefficients, p × p row-major. */
  readonly covariance: Float64Array;
  /** Σ (y − Xb)²/σ² with known errors, Σ (y − Xb)² without. */
  readonly chiSquare: number;
  /** n − p. */
  readonly degreesOfFreedom: number;
}

/**
 * Least squares y ≈ Σ_a b_a X_a for a handful of regressors; give a column of ones for an intercept. b solves the normal
 * equations XᵀWX b = XᵀWy with columns scaled to unit length, by Cholesky and one step of iterative refinement.
 *
 * With `errors` (known standard deviations σ_i of y) W = diag(1/σ²) and Cov b = (XᵀWX)⁻¹. Without, W = 1 and
 * Cov b = s² (XᵀX)⁻¹, s² = Σ(y − Xb)²/(n − p), which is NaN when n = p.
 *
 * DataError for unequal lengths, values that are not finite, or errors that are not above 0; DomainError when n < p or a
 * regressor is (to rounding) a combination of the others. Cost O(np²).
 *
 * @param regressors p columns X_a of n values each
 * @param response y, n values
 */
export function leastSquares(
  regressors: readonly ArrayLike<number>[],
  response: ArrayLike<number>,
  errors?: ArrayLike<number>,
): Regression {
  checkInput(regressors, response, errors);
  const p = regressors.length;
  const n = response.length;
  const weighted = (values: ArrayLike<number>): Float64Array =>
    Float64Array.from(values, (value, i) => (errors === undefined ? value : value / errors[i]));
  const rows = regressors.map(weighted);
  const scales = rows.map((column) => Math.sqrt(dot(column, column)));
  const columns = rows.map((column, a) =>
    scales[a] > 0 ? column.map((value) => value / scales[a]) : column,
  );
  const factor = choleskyFactor(gramMatrix(columns), p);

  const project = (target: Float64Array): Float64Array =>
    choleskySolve(
      factor,
      Float64Array.from(columns, (column) => dot(column, target)),
    );
  const target = weighted(response);
  const first = project(target);
  const refinement = project(residuals(columns, first, target));
  const scaled = first.map((value, a) => value + refinement[a]);
  const rest = residuals(columns, scaled, target);
  const chiSquare = dot(rest, rest);

  const noise = errors === undefined ? (n > p ? chiSquare / (n - p) : NaN) : 1;
  const covariance = new Float64Array(p * p);
  for (let a = 0; a < p; a++) {
    const unit = new Float64Array(p);
    unit[a] = noise / scales[a];
    const inverse = choleskySolve(factor, unit);
    for (let b = 0; b <= a; b++) {
      covariance[a * p + b] = inverse[b] / scales[b];
      covariance[b * p + a] = covariance[a * p + b];
    }
  }
  return {
    coefficients: scaled.map((value, a) => value / scales[a]),
    standardErrors: Float64Array.from({ length: p }, (_, a) => Math.sqrt(covariance[a * p + a])),
    covariance,
    chiSquare,
    degreesOfFreedom: n - p,
  };
}

function checkInput(
  regressors: readonly ArrayLike<number>[],
  response: ArrayLike<number>,
  errors?: ArrayLike<number>,
): void {
  const n = response.length;
  const named = regressors.map((column, a) => ({ name: `regressor ${a}`, values: column }));
  if (errors !== undefined) named.push({ name: "errors", values: errors });
  for (const { name, values } of [...named, { name: "response", values: response }]) {
    if (values.length !== n) {
      throw new DataError(
        `${name} has ${values.length} values and the response ${n}: they must be equally long.`,
      );
    }
    for (let i = 0; i < n; i++) {
      if (!Number.isFinite(values[i]) || (name === "errors" && !(values[i] > 0))) {
        const wanted = name === "errors" ? "a finite number above 0" : "a finite number";
        throw new DataError(`value ${i} of ${name} is ${values[i]}: ${wanted} is needed.`);
      }
    }
  }
  if (regressors.length === 0 || n < regressors.length) {
    throw new DomainError(
      `${n} observations for ${regressors.length} coefficients: at least one coefficient, and as many observations, are needed.`,
    );
  }
}

function dot(a: Float64Array, b: Float64Array): number {
  return compensatedSum(a.map((value, i) => value * b[i]));
}

function gramMatrix(columns: readonly Float64Array[]): Float64Array {
  const p = columns.length;
  return Float64Array.from({ length: p * p }, (_, index) =>
    dot(columns[Math.floor(index / p)], columns[index % p]),
  );
}

/** y − Xb. */
function residuals(
  columns: readonly Float64Array[],
  coefficients: Float64Array,
  target: Float64Array,
): Float64Array {
  return target.map((value, i) => {
    let rest = value;
    for (let a = 0; a < columns.length; a++) rest -= coefficients[a] * columns[a][i];
    return rest;
  });
}
