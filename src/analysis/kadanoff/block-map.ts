import { DomainError } from "../../errors/index.js";
import { exp, log, logTwoCosh, tanh } from "../../kernels/elementary.js";
import {
  classMagnetizations,
  classSizes,
  overlapCounts,
  OVERLAPS,
  PLAQUETTE_CLASSES as CLASSES,
} from "./plaquette.js";

/** Blocks have 2 × 2 spins: lengths shrink by b = 2, sites and plaquettes by b² = 4. */
export const SITES_PER_BLOCK = 4;

/** Above this e^{8p} is beyond the range of doubles beside 1; block spins follow their blocks' majority long before. */
const MAX_PARAMETER = 40;

/** One step of the renormalization group. */
export interface BlockStep {
  /** u' on the six classes, its constant included. */
  readonly potential: Float64Array;
  /** P(c|r), row-major 6 × 6: the old plaquette's class given the new one's. ∂u'(r)/∂u(c) = 4 P(c|r). */
  readonly conditional: Float64Array;
  /** ∂u'/∂p on the six classes. */
  readonly parameterSlope: Float64Array;
}

/**
 * Kadanoff's potential-moving step with parameter p ≥ 0 (Phys. Rev. Lett. 34, 1005 (1975)):
 *
 *   u'(μ) = ln Σ_σ exp[4u(σ) − ln 2cosh(p Σσ) + p Σ μσ].
 *
 * A block spin μ is set over every fourth plaquette with P(μ|σ) = e^{pμΣσ}/2cosh(pΣσ). The four plaquettes of a cell
 * and ln 2cosh are then moved onto the one that joins four blocks: V = what is moved, with ⟨V⟩ = 0 in the true ensemble,
 * for that is invariant under translations. By Jensen's inequality Z(u') = Z⟨e^V⟩ ≥ Z e^{⟨V⟩} = Z for every p: the step
 * raises Z, so F = −ln Z is bounded from below.
 *
 * DomainError for p outside [0, 40].
 */
export function blockStep(potential: Float64Array, parameter: number): BlockStep {
  if (!(parameter >= 0 && parameter <= MAX_PARAMETER)) {
    throw new DomainError(
      `Kadanoff's parameter p = ${parameter}: expected a number from 0 to ${MAX_PARAMETER}.`,
    );
  }
  const exponents = blockExponents(potential, parameter);
  const largest = largestOf(exponents);
  const factors = OVERLAPS.map((overlap) => exp(parameter * (overlap - 4)));
  const next = new Float64Array(CLASSES);
  const conditional = new Float64Array(CLASSES * CLASSES);
  const parameterSlope = new Float64Array(CLASSES);
  for (let c = 0; c < CLASSES; c++) {
    const weight = exp(exponents[c] - largest);
    const magnetization = classMagnetizations[c];
    const pull = magnetization * tanh(parameter * magnetization);
    for (let r = 0; r < CLASSES; r++) {
      for (let k = 0; k < OVERLAPS.length; k++) {
        const share = weight * factors[k] * overlapCounts[(r * CLASSES + c) * OVERLAPS.length + k];
        conditional[r * CLASSES + c] += share;
        next[r] += share;
        parameterSlope[r] += share * (OVERLAPS[k] - pull);
      }
    }
  }
  for (let r = 0; r < CLASSES; r++) {
    const sum = next[r];
    for (let c = 0; c < CLASSES; c++) conditional[r * CLASSES + c] /= sum;
    parameterSlope[r] /= sum;
    next[r] = largest + 4 * parameter + log(sum);
  }
  return { potential: next, conditional, parameterSlope };
}

/** 4u(σ) − ln 2cosh(p Σσ) */
function blockExponents(potential: Float64Array, parameter: number): Float64Array {
  return potential.map((u, c) => SITES_PER_BLOCK * u - logTwoCosh(parameter * classMagnetizations[c]));
}

function largestOf(values: Float64Array): number {
  return values.reduce((a, b) => Math.max(a, b));
}

/**
 * Probability of each class at a fixed point u' = u + constant: the stationary distribution of P(c|r), which is
 * π(c) ∝ n_c e^{4u(c) − ln 2cosh(pΣσ) + u'(c)} because e^{pμ·σ} is symmetric in μ and σ.
 */
export function stationaryDistribution(potential: Float64Array, parameter: number): Float64Array {
  const { potential: next } = blockStep(potential, parameter);
  const exponents = blockExponents(potential, parameter).map((x, c) => x + next[c]);
  const largest = largestOf(exponents);
  const weights = exponents.map((x, c) => classSizes[c] * exp(x - largest));
  const total = weights.reduce((a, b) => a + b);
  return weights.map((weight) => weight / total);
}
