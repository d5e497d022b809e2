import type { IsingModel } from "../../ising/model.js";
import { exp, logTwoCosh, tanh } from "../../kernels/elementary.js";
import type { Kernels } from "../../kernels/index.js";
import { hiddenInputs } from "../../rbm/energy.js";
import { transposeRbm, visibleDistribution, visibleHamiltonians } from "../../rbm/ensemble.js";
import { type Rbm, toSpin } from "../../rbm/parameters.js";
import { compensatedSum } from "../../statistics/index.js";
import type { Transformation } from "./memberships.js";

/** An RBM on the spins of a small model as a transformation, by enumeration of both layers; at most 20 units in either. */
export function rbmTransformation(
  name: string,
  model: IsingModel,
  rbm: Rbm,
  places: Transformation["places"],
  kernels: Kernels,
): Transformation {
  const effective = visibleHamiltonians(rbm, kernels);
  const hidden = visibleHamiltonians(transposeRbm(rbm), kernels);
  const information = informationPerUnit(rbm, effective, hidden, kernels);
  return { name, model, hiddenSpins: rbm.hidden, effective, hidden, places, information };
}

/** I(v; h)/m = (S(h) − ⟨S(h|v)⟩_λ)/m, S(h|v) = Σ_j (ln 2cosh x_j − x_j tanh x_j). */
function informationPerUnit(
  rbm: Rbm,
  effective: Float64Array,
  hidden: Float64Array,
  kernels: Kernels,
): number {
  const { rbm: spins } = toSpin(rbm);
  const { probabilities } = visibleDistribution(effective, kernels);
  const visible = new Int8Array(rbm.visible);
  const conditional = probabilities.map((p, state) => {
    for (let i = 0; i < visible.length; i++) visible[i] = ((state >>> i) & 1) === 1 ? 1 : -1;
    return p * hiddenInputs(spins, visible).reduce((sum, x) => sum + logTwoCosh(x) - x * tanh(x), 0);
  });
  return Math.max(0, entropy(hidden, kernels) - compensatedSum(conditional)) / rbm.hidden;
}

/** −Σ P ln P of P = e^{−H}/Z. */
function entropy(hamiltonians: Float64Array, kernels: Kernels): number {
  const { logPartition } = visibleDistribution(hamiltonians, kernels);
  return compensatedSum(hamiltonians.map((h) => exp(-h - logPartition) * (h + logPartition)));
}
