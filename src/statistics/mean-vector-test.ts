import { DomainError } from "../errors/index.js";
import { fSurvival } from "./f-distribution.js";
import { solveLinearSystem } from "./linear-system.js";
import { mean } from "./moments.js";

/** Whether the mean of a vector is zero. */
export interface MeanVectorTest {
  /** The means of the components. */
  readonly means: Float64Array;
  /** One standard deviation of each. */
  readonly errors: Float64Array;
  /** T² = x̄ᵀ (S/g + R)⁻¹ x̄. */
  readonly statistic: number;
  /** p and g − p. */
  readonly degrees: readonly [number, number];
  /** The probability of as large a T² if all means are zero; NaN where a value is not finite or the covariance is singular. */
  readonly pValue: number;
}

/**
 * Hotelling's test that the mean of p components is zero, from g independent vectors: `values` is g × p, row-major. With S
 * their covariance, T² (g − p)/(p (g − 1)) has an F distribution with p and g − p degrees of freedom. `known` is added to
 * the covariance of the mean (p × p), for errors common to all vectors; the test is then conservative. For g vectors of
 * jackknife pseudo-values it is the test of a function of means. DomainError unless g > p ≥ 1.
 */
export function meanVectorTest(values: Float64Array, size: number, known?: Float64Array): MeanVectorTest {
  const count = values.length / size;
  if (!(Number.isInteger(size) && size >= 1 && Number.isInteger(count) && count > size)) {
    throw new DomainError(`${values.length} numbers for ${size} means: more vectors than components needed.`);
  }
  const column = (a: number): Float64Array =>
    Float64Array.from({ length: count }, (_, g) => values[g * size + a]);
  const columns = Array.from({ length: size }, (_, a) => column(a));
  const means = Float64Array.from(columns, mean);
  const covariance = new Float64Array(size * size);
  for (let a = 0; a < size; a++) {
    for (let b = 0; b < size; b++) {
      let sum = 0;
      for (let g = 0; g < count; g++) sum += (columns[a][g] - means[a]) * (columns[b][g] - means[b]);
      covariance[a * size + b] = sum / (count - 1) / count + (known === undefined ? 0 : known[a * size + b]);
    }
  }
  const errors = means.map((_, a) => Math.sqrt(covariance[a * size + a]));
  const statistic = quadraticForm(covariance, means);
  const f = (statistic * (count - size)) / (size * (count - 1));
  const pValue = fSurvival(f, size, count - size);
  return { means, errors, statistic, degrees: [size, count - size], pValue };
}

/** xᵀ C⁻¹ x; NaN where C is singular. */
function quadraticForm(covariance: Float64Array, x: Float64Array): number {
  if (![...covariance, ...x].every(Number.isFinite)) return NaN;
  try {
    const solved = solveLinearSystem(covariance, x, x.length, 1);
    return solved.reduce((sum, value, a) => sum + value * x[a], 0);
  } catch (error) {
    if (error instanceof DomainError) return NaN;
    throw error;
  }
}
