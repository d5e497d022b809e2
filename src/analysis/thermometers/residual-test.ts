import { meanVectorTest } from "../../statistics/index.js";
import { pseudoLikelihoodCouplings } from "./pseudo-likelihood.js";
import type { Replicates, ThermometerReading } from "./readings.js";
import type { GroupedAverages } from "./spin-averages.js";
import type { ThermometerName } from "./thermometers.js";

/** A quantity that is zero in every Ising state. */
export interface Residual {
  /** `diagonal` and `plaquette`: couplings; otherwise the thermometer whose K less that of `pseudo-likelihood` it is. */
  readonly name: string;
  /** K, or a difference of two K; mean of the pseudo-values of a jackknife. */
  readonly value: number;
  /** One standard deviation, that of the reference included. */
  readonly error: number;
}

/** Whether configurations can be those of an Ising model with nearest neighbours, without field, at any temperature. */
export interface ResidualTest {
  /** The two couplings, then the two thermometers that are compared, where they say something finite. */
  readonly residuals: readonly Residual[];
  /** T² of Hotelling's test that all of them are zero. */
  readonly statistic: number;
  /** Degrees of freedom p and g − p of F = T² (g − p)/(p (g − 1)), p residuals from g groups. */
  readonly degrees: readonly [number, number];
  /** The probability of residuals as large as these in an Ising state; NaN where they cannot be told. */
  readonly pValue: number;
}

/** Beside which the others are compared. */
const STANDARD: ThermometerName = "pseudo-likelihood";
/** The Binder cumulant is left out: it follows |m|, and its ratio of moments is far from normal. */
const COMPARED: readonly ThermometerName[] = ["inverse-onsager", "abs-magnetization"];

/**
 * Test that the diagonal and plaquette couplings vanish (of the pseudo-likelihood with three couplings) and that the energy and
 * |m| have the temperature which the conditional probabilities have: Hotelling's test with the covariance of the jackknife's
 * pseudo-values, to which the error of the reference is added. Thermometers that say nothing finite are left out.
 */
export function residualTest(
  averages: GroupedAverages,
  readings: readonly ThermometerReading[],
): ResidualTest {
  const readingOf = (name: ThermometerName): ThermometerReading =>
    readings.find(({ thermometer }) => thermometer === name)!;
  const standard = readingOf(STANDARD).replicates;
  const compared = COMPARED.filter((name) => Number.isFinite(readingOf(name).coupling.error));
  const columns: readonly (readonly [string, Replicates, number])[] = [
    ...furtherCouplings(averages).map((column) => [...column, 0] as const),
    ...compared.map((name) => {
      const { replicates, referenceError } = readingOf(name);
      return [name, difference(replicates, standard), referenceError] as const;
    }),
  ];
  const size = columns.length;
  const groups = averages.without.length;
  const pseudoValues = new Float64Array(groups * size);
  const known = new Float64Array(size * size);
  columns.forEach(([, { whole, without }, error], a) => {
    without.forEach((rest, g) => (pseudoValues[g * size + a] = groups * whole - (groups - 1) * rest));
    known[a * size + a] = error * error;
  });
  const { means, errors, statistic, degrees, pValue } = meanVectorTest(pseudoValues, size, known);
  const residuals = columns.map(([name], a) => ({ name, value: means[a], error: errors[a] }));
  return { residuals, statistic, degrees, pValue };
}

function furtherCouplings({ whole, without }: GroupedAverages): readonly (readonly [string, Replicates])[] {
  const all = pseudoLikelihoodCouplings(whole, 3);
  const rest = without.map((average) => pseudoLikelihoodCouplings(average, 3, all));
  return ["diagonal", "plaquette"].map((name, index) => [
    name,
    { whole: all[index + 1], without: rest.map((couplings) => couplings[index + 1]) },
  ]);
}

/** a − b. */
export function difference(a: Replicates, b: Replicates): Replicates {
  return { whole: a.whole - b.whole, without: a.without.map((value, g) => value - b.without[g]) };
}
