import { exp, log } from "../kernels/elementary.js";
import type { StartName } from "./chains.js";
import { exactInfiniteLattice } from "./exact/infinite-lattice.js";
import type { Lattice } from "./lattice.js";
import { CRITICAL_COUPLING, type IsingModel } from "./model.js";
import type { Sampler } from "./samplers/index.js";

/** Updates of every spin before the first sample, in units of the estimated autocorrelation time (local) … */
const LOCAL_THERMALIZATION = 20;
/** … and in units of flipped volume N (clusters, whose autocorrelation time is a few such units at most). */
export const CLUSTER_THERMALIZATION = 50;

/**
 * A rough autocorrelation time of local dynamics in sweeps, 2 + 0.4 min(ξ, L/4)^2.17 (z = 2.17): between those of the energy
 * and of m² (heat bath, 40×40: 10 and 55 at K = 0.408, 75 and 200 at K_c). It only chooses defaults; the measured τ is
 * reported beside every mean.
 */
function estimateLocalAutocorrelation({ lattice, coupling, field }: IsingModel): number {
  if (coupling === 0) return 1;
  const quarter = Math.max(1, Math.max(...lattice.shape) / 4);
  const infinite =
    lattice.kind === "chain" ? chainLength(coupling) : exactInfiniteLattice(coupling).correlationLength;
  const length = Math.max(1e-3, Math.min(infinite, quarter, field === 0 ? Infinity : 1 / Math.abs(field)));
  return 2 + 0.4 * exp((lattice.kind === "chain" ? 2 : 2.17) * log(length));
}

/** ξ of the infinite chain, −1/ln tanh K ≈ e^{2K}/2. */
function chainLength(coupling: number): number {
  return 0.5 * exp(2 * coupling);
}

/** Sweeps before the first sample for a sampler that updates every spin once a step. */
export function defaultSweepThermalization(model: IsingModel, sampler: Sampler): number {
  if (sampler.name === "swendsen-wang") return CLUSTER_THERMALIZATION;
  return 50 + Math.ceil(LOCAL_THERMALIZATION * estimateLocalAutocorrelation(model));
}

/** Sweeps between samples for a sampler that updates every spin once a step. */
export function defaultSweepSpacing(model: IsingModel, sampler: Sampler): number {
  return sampler.name === "swendsen-wang" ? 1 : Math.ceil(estimateLocalAutocorrelation(model) / 2);
}

/**
 * Where chains start by default: clusters ordered; local dynamics from both sides above T_c, so that split-R̂ can see
 * chains that have not met, and ordered below it, where a hot start would freeze into stripes.
 */
export function defaultStart(
  lattice: Lattice,
  model: IsingModel,
  sampler: Sampler,
): Exclude<StartName, "auto"> {
  const ordered = lattice.kind === "torus" && model.coupling > CRITICAL_COUPLING;
  return sampler.allowsField && !ordered ? "mixed" : "cold";
}
