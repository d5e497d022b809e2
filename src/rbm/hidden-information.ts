import { log } from "../kernels/elementary.js";
import type { BitMatrix, Kernels, LayerArrays } from "../kernels/index.js";

/**
 * What a hidden unit tells about the configuration, on average over the units: I(v; h_j) = S(⟨p_j⟩) − ⟨S(p_j)⟩ nats, with
 * p_j = P(h_j upper | v), S(p) = −p ln p − (1 − p) ln(1 − p), and averages over the rows. 0 if h does not depend on v, at
 * most ln 2. With R rows it is too small by about Var(p_j)/(2R p(1 − p)).
 */
export function hiddenInformation(layer: LayerArrays, rows: BitMatrix, kernels: Kernels): number {
  const { units, hidden } = layer;
  const means = new Float32Array(rows.rows * hidden);
  kernels.rbm.hiddenGivenVisible(layer, rows, { means });
  let information = 0;
  for (let j = 0; j < hidden; j++) {
    let [probability, conditional] = [0, 0];
    for (let row = 0; row < rows.rows; row++) {
      const mean = means[row * hidden + j];
      const p = units === "spin" ? (1 + mean) / 2 : mean;
      probability += p / rows.rows;
      conditional += entropy(p) / rows.rows;
    }
    information += Math.max(0, entropy(probability) - conditional) / hidden;
  }
  return information;
}

/** Entropy in nats of a unit that is in its upper state with probability p. */
function entropy(p: number): number {
  const q = 1 - p;
  return (p > 0 ? -p * log(p) : 0) + (q > 0 ? -q * log(q) : 0);
}
