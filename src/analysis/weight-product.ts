import { arrayView, inOrder, type NdArray } from "../kernels/index.js";
import { type Rbm, weightMatrix } from "../rbm/parameters.js";

/**
 * Receptive fields of every layer of a stack on the lattice by weight product, r⁽¹⁾ = W⁽¹⁾, r⁽ˡ⁾ = r⁽ˡ⁻¹⁾ W⁽ˡ⁾ (Mehta &
 * Schwab 2014). Entry l is unit-major: fields[l][unit·sites + site], length units × sites.
 *
 * @param layers the RBMs of the stack, from the bottom up: visible units of one are the hidden units of the one below
 */
export function receptiveFields(layers: readonly Rbm[]): readonly Float64Array[] {
  const fields: Float64Array[] = [];
  for (const layer of layers) {
    const below = fields.at(-1);
    fields.push(below === undefined ? transposedWeights(layer) : composeFields(below, layer));
  }
  return fields;
}

/**
 * `receptiveFields` as arrays: that of each layer has shape (hidden, Lx, Ly) on the lattice of shape [Lx, Ly], (hidden,
 * N) on a chain [N]. DomainError if the visible units of the first layer are not its sites.
 *
 * @param layers the RBMs of the stack, from the bottom up
 * @param shape sides of the lattice of the first layer's visible units, in sites
 */
export function receptiveFieldArrays(
  layers: readonly Rbm[],
  shape: readonly number[],
): readonly NdArray<Float64Array>[] {
  return receptiveFields(layers).map((fields, index) => arrayView(fields, [layers[index].hidden, ...shape]));
}

function transposedWeights(layer: Rbm): Float64Array {
  return Float64Array.from(inOrder(weightMatrix(layer).transpose(1, 0)));
}

/** out_j = Σ_k r_k W_kj, r_k the fields of the units that are the visible ones of `layer`; unit-major as they are. */
export function composeFields(
  below: Float64Array,
  { visible, hidden, weights }: Pick<Rbm, "visible" | "hidden" | "weights">,
): Float64Array {
  const sites = below.length / visible;
  const out = new Float64Array(hidden * sites);
  for (let j = 0; j < hidden; j++) {
    for (let k = 0; k < visible; k++) {
      const weight = weights[k * hidden + j];
      if (weight === 0) continue;
      for (let site = 0; site < sites; site++) out[j * sites + site] += weight * below[k * sites + site];
    }
  }
  return out;
}
