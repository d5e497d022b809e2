import type { CorrelationTerm, Kernels, UnitType } from "../kernels/index.js";
import type { Direction } from "./direction.js";

/**
 * Offsets of the centred gradient: μ, the data mean of the visible units, and ν, the hidden means at v = μ. They may
 * change from step to step: any offsets leave the fixed points alone.
 */
export interface Offsets {
  readonly visible: Float64Array;
  readonly hidden: Float64Array;
}

/**
 * Turn the plain likelihood gradient into the centred one (Montavon & Müller 2012; Melchior, Fischer & Wiskott 2016):
 * ΔW' = ΔW − μ Δbᵀ − Δc νᵀ, Δc' = Δc − ΔW' ν, Δb' = Δb − ΔW'ᵀ μ. Same fixed points, better conditioned with biases.
 */
export function centerDirection(direction: Direction, offsets: Offsets, kernels: Kernels): void {
  const { factors } = direction;
  if (factors === null) centerDense(direction, offsets);
  else centerFactors(direction, factors.terms, offsets, kernels);
}

function centerDense(direction: Direction, { visible: mu, hidden: nu }: Offsets): void {
  const { weights, visibleBias, hiddenBias } = direction;
  const hidden = nu.length;
  const hiddenChange = new Float64Array(hidden);
  for (let i = 0; i < mu.length; i++) {
    let visibleChange = 0;
    for (let j = 0; j < hidden; j++) {
      const centered = weights[i * hidden + j] - mu[i] * hiddenBias[j] - visibleBias[i] * nu[j];
      weights[i * hidden + j] = centered;
      visibleChange += centered * nu[j];
      hiddenChange[j] += centered * mu[i];
    }
    visibleBias[i] -= visibleChange;
  }
  for (let j = 0; j < hidden; j++) hiddenBias[j] -= hiddenChange[j];
}

/**
 * The same without multiplying ΔW = Σ_s a_s v_s p_sᵀ out: two outer products are added to it, and
 * ΔW'ν = Σ_s a_s v_s (p_s − ν)·ν − μ Δb·ν, ΔW'ᵀμ = Σ_s a_s p_s (v_s − μ)·μ − ν Δc·μ.
 */
function centerFactors(
  direction: Direction,
  terms: readonly CorrelationTerm[],
  { visible: mu, hidden: nu }: Offsets,
  kernels: Kernels,
): void {
  const { units, visibleBias, hiddenBias } = direction;
  const visiblePart = new Float32Array(mu.length);
  const projected = terms.map((term) => ({ ...term, hiddenMeans: alongHidden(term, nu) }));
  kernels.rbm.addCorrelations(units, projected, 1, visiblePart);
  const hiddenPart = new Float64Array(nu.length);
  for (const term of terms) addAlongVisible(term, mu, units, kernels, hiddenPart);

  const [hiddenShift, visibleShift] = [dot(hiddenBias, nu), dot(visibleBias, mu)];
  direction.addOuterProduct(
    Float32Array.from(mu, (m) => -m),
    hiddenBias.slice(),
  );
  direction.addOuterProduct(
    visibleBias.map((c) => -c),
    Float32Array.from(nu),
  );
  for (let i = 0; i < mu.length; i++) visibleBias[i] -= visiblePart[i] - mu[i] * hiddenShift;
  for (let j = 0; j < nu.length; j++) hiddenBias[j] -= hiddenPart[j] - nu[j] * visibleShift;
}

/** (p_s − ν)·ν of every row. */
function alongHidden({ visible, hiddenMeans }: CorrelationTerm, nu: Float64Array): Float32Array {
  const norm = dot(nu, nu);
  return Float32Array.from({ length: visible.rows }, (_, row) => {
    const means = hiddenMeans.subarray(row * nu.length, (row + 1) * nu.length);
    return dot(means, nu) - norm;
  });
}

/** out += Σ_s a_s p_s (v_s − μ)·μ */
function addAlongVisible(
  { visible, hiddenMeans, scale }: CorrelationTerm,
  mu: Float64Array,
  units: UnitType,
  kernels: Kernels,
  out: Float64Array,
): void {
  const projections = new Float32Array(visible.rows);
  const onto = {
    units,
    visible: mu.length,
    hidden: 1,
    weights: Float32Array.from(mu),
    visibleBias: new Float32Array(mu.length),
    hiddenBias: new Float32Array(1),
  };
  kernels.rbm.hiddenGivenVisible(onto, visible, { inputs: projections });
  const norm = dot(mu, mu);
  const hidden = out.length;
  for (let row = 0; row < visible.rows; row++) {
    const factor = scale * (projections[row] - norm);
    for (let j = 0; j < hidden; j++) out[j] += factor * hiddenMeans[row * hidden + j];
  }
}

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let total = 0;
  for (let k = 0; k < a.length; k++) total += a[k] * b[k];
  return total;
}
