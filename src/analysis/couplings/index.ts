export { allCouplings, squaresByOrder } from "./all-couplings.js";
export { type ClassCoupling, expandClasses, type ExpandedClass } from "./class-couplings.js";
export {
  type CouplingClass,
  latticeClasses,
  placedClasses,
  type SpinPlaces,
  unplacedClasses,
} from "./coupling-classes.js";
export { type Couplings, type Expansion, expandHamiltonian, type ExpansionOptions } from "./expansion.js";
export { type Projection, projectHamiltonian } from "./projection.js";
export { fitCouplings, type PseudoLikelihoodFit } from "./pseudo-likelihood.js";
export { allPairs, fieldSets, type SpinSets } from "./spin-sets.js";
export { strongestPairs } from "./strongest-pairs.js";
