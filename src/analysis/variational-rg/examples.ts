import { bondRbm, bondWeight } from "../../rbm/bond-rbm.js";
import { decimationStack } from "../exact-decimation.js";
import { isingHamiltonians } from "../../ising/hamiltonian.js";
import { chain, torus } from "../../ising/lattice.js";
import { type IsingModel, isingModel } from "../../ising/model.js";
import { exp, log } from "../../kernels/elementary.js";
import { bitMatrix, type Kernels } from "../../kernels/index.js";
import { fillStandardNormal, seedKey } from "../../random/index.js";
import { exactLogPartition } from "../../rbm/log-partition/exact.js";
import type { Rbm } from "../../rbm/parameters.js";
import { logSumExp } from "../../statistics/index.js";
import type { Transformation } from "./memberships.js";
import { rbmTransformation } from "./rbm-transformation.js";

/** Spins of the ring and of the square lattice that the examples are about. */
const RING = 10;
const SIDE = 4;

/** Hidden spins of the examples that keep the partition function and nothing else; few enough for ln Z > (n + m) ln 2. */
const FEW = 4;

/** Weight with which a hidden spin copies a visible one, above what couples it to others: e^{−2M} is below 1e-17. */
const COPY_WEIGHT = 20;

/** Pairs of opposite spins of the ring that are coupled and uncoupled again. */
const FAR_PAIRS = 3;

const HALVINGS = 60;

/** The one example whose joint distribution no RBM has. */
const NO_RBM = "h independent of v, any energy";

/**
 * Transformations whose places in Liu's Venn diagram (figure 5) are known, on a ring of 10 and a 4×4 torus of coupling K > 0. Those
 * that keep the partition function only are left out where no RBM with 4 hidden spins can: ln Z ≤ (n + 4) ln 2.
 */
export function vennExamples(coupling: number, kernels: Kernels): readonly Transformation[] {
  const ring = isingModel(chain(RING), coupling);
  const square = isingModel(torus(SIDE, SIDE), coupling);
  return [
    bonds(ring, kernels),
    decimation(ring, kernels),
    sublattice(square, kernels),
    cancellingPairs(ring, kernels),
    independentOfAny(ring),
    ...independentRbm(square, kernels),
    ...randomWeights(square, kernels),
  ];
}

/** Whether the example of this name is an RBM; h independent of v with any H(v) is not. */
export function isRbmExample(name: string): boolean {
  return name !== NO_RBM;
}

/** One hidden spin on every bond: KL = 0, but F − F_λ = N(ln 2 + K). */
function bonds(model: IsingModel, kernels: Kernels): Transformation {
  const places = Array.from({ length: RING }, (_, bond) => [bond + 0.5]);
  return rbmTransformation("a hidden spin on each bond", model, bondRbm(model), places, kernels);
}

/** Hidden spin j copies visible spin 2j: exact but for a constant (Mehta & Schwab 2014). */
function decimation(model: IsingModel, kernels: Kernels): Transformation {
  const [{ rbm }] = decimationStack(RING, model.coupling, 1);
  const places = Array.from({ length: rbm.hidden }, (_, j) => [2 * j]);
  return rbmTransformation("decimation of a ring", model, rbm, places, kernels);
}

/** Hidden spins copy one sublattice of the square lattice and couple with K to their four neighbours. */
function sublattice(model: IsingModel, kernels: Kernels): Transformation {
  const { neighbors, degree, sites } = model.lattice;
  const copied = Array.from({ length: sites }, (_, site) => site).filter(
    (site) => (Math.floor(site / SIDE) + site) % 2 === 0,
  );
  const rbm = emptyRbm(sites, copied.length);
  copied.forEach((site, j) => {
    rbm.weights[site * rbm.hidden + j] = COPY_WEIGHT + 4 * model.coupling;
    for (let d = 0; d < degree; d++)
      rbm.weights[neighbors[site * degree + d] * rbm.hidden + j] += model.coupling;
  });
  const places = copied.map((site) => [Math.floor(site / SIDE), site % SIDE]);
  return rbmTransformation("decimation of a square lattice to one sublattice", model, rbm, places, kernels);
}

/** Besides the bonds, spins i and i + N/2 coupled by one hidden spin and uncoupled by another: v is the same, h is not. */
function cancellingPairs(model: IsingModel, kernels: Kernels): Transformation {
  const first = bondRbm(model);
  const rbm = emptyRbm(RING, first.hidden + 2 * FAR_PAIRS);
  for (let i = 0; i < RING; i++) {
    const own = first.weights.subarray(i * first.hidden, (i + 1) * first.hidden);
    rbm.weights.set(own, i * rbm.hidden);
  }
  const weight = bondWeight(Math.max(1, model.coupling));
  const places = Array.from({ length: first.hidden }, (_, bond) => [bond + 0.5]);
  for (let pair = 0; pair < FAR_PAIRS; pair++) {
    for (const [unit, sign] of [1, -1].entries()) {
      const j = first.hidden + 2 * pair + unit;
      rbm.weights[pair * rbm.hidden + j] = weight;
      rbm.weights[(pair + RING / 2) * rbm.hidden + j] = sign * weight;
      places.push([pair]);
    }
  }
  return rbmTransformation("bonds, and far pairs that cancel", model, rbm, places, kernels);
}

/** E(v, h) = H(v) − ln p(h), p uniform: Tr_h e^T = 1 for every v although h knows nothing of v. It is no RBM. */
function independentOfAny(model: IsingModel): Transformation {
  const hidden = RING / 2;
  const states = bitMatrix(2 ** RING, RING);
  for (let state = 0; state < states.rows; state++) states.words[state] = state;
  const effective = isingHamiltonians(model, states);
  const free = -logSumExp(effective.map((h) => -h)) + hidden * Math.LN2;
  return {
    name: NO_RBM,
    model,
    hiddenSpins: hidden,
    effective,
    hidden: new Float64Array(2 ** hidden).fill(free),
    information: 0,
    places: Array.from({ length: hidden }, (_, j) => [2 * j]),
  };
}

/** W = 0 and hidden biases with (n + m) ln 2 + m ln cosh b = ln Z: the partition function is kept, h knows nothing of v. */
function independentRbm(model: IsingModel, kernels: Kernels): readonly Transformation[] {
  const missing = missingLogPartition(model);
  if (missing < 0) return [];
  const rbm = emptyRbm(model.lattice.sites, FEW);
  const y = exp(missing / FEW);
  rbm.hiddenBias.fill(log(y + Math.sqrt(y * y - 1)));
  const places = Array.from({ length: FEW }, (_, j) => [2 * Math.floor(j / 2), 2 * (j % 2)]);
  return [rbmTransformation("h independent of v, W = 0", model, rbm, places, kernels)];
}

/** Random weights, their scale chosen so that ln Z_λ = ln Z, which grows with it. */
function randomWeights(model: IsingModel, kernels: Kernels): readonly Transformation[] {
  if (missingLogPartition(model) < 0) return [];
  const { sites } = model.lattice;
  const pattern = new Float64Array(sites * FEW);
  fillStandardNormal(seedKey("venn diagram"), pattern);
  const scaled = (scale: number): Rbm => ({
    ...emptyRbm(sites, FEW),
    weights: pattern.map((w) => scale * w),
  });
  const wanted = missingLogPartition(model) + (sites + FEW) * Math.LN2;
  let [low, high] = [0, 10];
  for (let halving = 0; halving < HALVINGS; halving++) {
    const middle = (low + high) / 2;
    if (exactLogPartition(scaled(middle), kernels) < wanted) low = middle;
    else high = middle;
  }
  return [rbmTransformation("random weights, scaled to keep Z", model, scaled(high), null, kernels)];
}

/** ln Z − (n + m) ln 2. */
function missingLogPartition(model: IsingModel): number {
  const { sites } = model.lattice;
  const states = bitMatrix(2 ** sites, sites);
  for (let state = 0; state < states.rows; state++) states.words[state] = state;
  return logSumExp(isingHamiltonians(model, states).map((h) => -h)) - (sites + FEW) * Math.LN2;
}

function emptyRbm(
  visible: number,
  hidden: number,
): Rbm & { readonly weights: Float64Array; readonly hiddenBias: Float64Array } {
  return {
    units: "spin",
    visible,
    hidden,
    weights: new Float64Array(visible * hidden),
    visibleBias: new Float64Array(visible),
    hiddenBias: new Float64Array(hidden),
  };
}
