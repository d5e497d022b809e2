import { sin } from "../kernels/elementary.js";
import {
  estimateMean,
  integratedAutocorrelationTime,
  jackknife,
  type Series,
  splitRhat,
} from "../statistics/index.js";
import type { Measurements } from "./measurements.js";
import type { IsingModel } from "./model.js";

/** One observable with its statistical error. */
export interface Observable {
  /** Which one, see `observableNames`. */
  readonly name: ObservableName;
  /** The estimate; NaN where it does not exist. */
  readonly value: number;
  /** One standard deviation. */
  readonly error: number;
  /** Integrated autocorrelation time ½ + Σρ in samples; of derived quantities, that of their slowest ingredient. */
  readonly tau: number;
  /** Effective number of independent samples n/(2τ). */
  readonly ess: number;
}

/**
 * The observables, in the order they are listed:
 * energy = −⟨Σ v v'⟩/N; magnetization = ⟨m⟩; absMagnetization = ⟨|m|⟩; m2 = ⟨m²⟩; m4 = ⟨m⁴⟩; binder = 1 − m4/(3 m2²);
 * specificHeat = K² N Var(energy); susceptibility = N(⟨m²⟩ − ⟨m⟩²), with ⟨m⟩ = 0 in zero field;
 * xi = √(S(0)/S(k) − 1)/(2 sin(k/2)), k = 2π/L, averaged over the axes (second-moment correlation length, in sites), with the
 * connected S(0) = ⟨m²⟩ − ⟨m⟩², ⟨m⟩ = 0 in zero field.
 */
export const observableNames = [
  "energy",
  "magnetization",
  "absMagnetization",
  "m2",
  "m4",
  "binder",
  "specificHeat",
  "susceptibility",
  "xi",
] as const;

/** The name of an observable, see `observableNames`. */
export type ObservableName = (typeof observableNames)[number];

/**
 * Estimate every observable with error, τ_int and effective sample size from the measured series.
 *
 * @param model what was sampled: K enters the specific heat, B decides whether ⟨m⟩ = 0 is known
 * @param measurements of its configurations, see `measure`
 */
export function estimateObservables(model: IsingModel, measurements: Measurements): readonly Observable[] {
  const { energy, magnetization, structureFactors } = measurements;
  const sites = model.lattice.sites;
  const power = (exponent: number): Series =>
    magnetization.map((chain) => chain.map((m) => wholePower(m, exponent)));
  const [m2, m4] = [power(2), power(4)];
  const slow = slowest([energy, m2]);
  const primary = (name: ObservableName, series: Series): Observable => {
    const { value, error, tau, effectiveSamples } = estimateMean(series);
    return { name, value, error, tau, ess: effectiveSamples };
  };
  const derived = (
    name: ObservableName,
    columns: readonly Series[],
    f: (means: readonly number[]) => number,
  ): Observable => {
    const { value, error } = jackknife(columns, f);
    return { name, value, error, tau: slow.tau, ess: slow.ess };
  };
  const squares = energy.map((chain) => chain.map((e) => e * e));
  return [
    primary("energy", energy),
    primary("magnetization", magnetization),
    primary(
      "absMagnetization",
      magnetization.map((chain) => chain.map((m) => Math.abs(m))),
    ),
    primary("m2", m2),
    primary("m4", m4),
    derived("binder", [m2, m4], ([a, b]) => binderCumulant(a, b)),
    derived(
      "specificHeat",
      [energy, squares],
      ([e, e2]) => model.coupling * model.coupling * sites * (e2 - e * e),
    ),
    model.field === 0
      ? derived("susceptibility", [m2], ([a]) => sites * a)
      : derived("susceptibility", [m2, magnetization], ([a, m]) => sites * (a - m * m)),
    model.field === 0
      ? derived("xi", [m2, ...structureFactors], ([a, ...factors]) => correlationLength(model, a, factors))
      : derived("xi", [m2, magnetization, ...structureFactors], ([a, m, ...factors]) =>
          correlationLength(model, a - m * m, factors),
        ),
  ];
}

/** U₄ = 1 − ⟨m⁴⟩/(3⟨m²⟩²). */
export function binderCumulant(m2: number, m4: number): number {
  return 1 - m4 / (3 * m2 * m2);
}

/** A structure factor below this is rounding: spins that never vary at the wave vector. */
const NO_FLUCTUATION = 1e-20;

/**
 * ξ from the connected S(0) and S(k_min) of each axis; NaN where S(0) < S(k_min) or nothing fluctuates at k_min, where the
 * estimator does not exist.
 */
export function correlationLength(model: IsingModel, atZero: number, factors: readonly number[]): number {
  const lengths = factors.map((factor, axis) => {
    if (factor < NO_FLUCTUATION) return NaN;
    return Math.sqrt(atZero / factor - 1) / (2 * sin(Math.PI / model.lattice.shape[axis]));
  });
  return lengths.reduce((sum, length) => sum + length, 0) / lengths.length;
}

/**
 * Split-R̂ of energy and |m| over the chains, the larger of the two; 1 when all chains tell the same story. DataError
 * below four samples a chain.
 *
 * @param measurements see `measure`
 */
export function chainAgreement({ energy, magnetization }: Measurements): number {
  const magnitude = magnetization.map((chain) => chain.map((m) => Math.abs(m)));
  return Math.max(splitRhat(energy), splitRhat(magnitude));
}

function slowest(columns: readonly Series[]): { readonly tau: number; readonly ess: number } {
  const tau = Math.max(...columns.map((series) => integratedAutocorrelationTime(series).tau));
  const samples = columns[0].reduce((sum, chain) => sum + chain.length, 0);
  return { tau, ess: samples / (2 * tau) };
}

function wholePower(x: number, exponent: number): number {
  let result = 1;
  for (let k = 0; k < exponent; k++) result *= x;
  return result;
}
