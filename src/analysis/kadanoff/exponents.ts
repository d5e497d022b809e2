import { log } from "../../kernels/elementary.js";
import { type Eigenvalue, eigenvalues } from "../../statistics/index.js";
import { blockStep, SITES_PER_BLOCK } from "./block-map.js";
import { flippedClass, PLAQUETTE_CLASSES as CLASSES } from "./plaquette.js";

/** ln b, b = 2. */
const LOG_SCALE = log(2);

/** The renormalization group linearised about a fixed point. */
export interface Linearization {
  /** Eigenvalues of ∂u'/∂u in the even sector, largest first: b² = 4 (the constant), b^{y_T}, then irrelevant ones. */
  readonly even: readonly Eigenvalue[];
  /** Eigenvalues in the odd sector: b^{y_H}, then the next one. */
  readonly odd: readonly Eigenvalue[];
  /** y_T = ln λ_T/ln 2; 1 for the Ising model. */
  readonly thermal: number;
  /** y_H = ln λ_H/ln 2; 15/8 for the Ising model. */
  readonly magnetic: number;
}

/** Classes that stand for the even functions of the plaquette, and those for the odd ones. */
const evenClasses = [0, 1, 2, 3] as const;
const oddClasses = [0, 1] as const;

/** Exact derivatives ∂u'(r)/∂u(c) = 4 P(c|r) at `potential`, split by the symmetry under a flip of all spins. */
export function linearize(potential: Float64Array, parameter: number): Linearization {
  const { conditional } = blockStep(potential, parameter);
  const even = sector(conditional, evenClasses, 1);
  const odd = sector(conditional, oddClasses, -1);
  return {
    even,
    odd,
    thermal: log(even[1].real) / LOG_SCALE,
    magnetic: log(odd[0].real) / LOG_SCALE,
  };
}

/** Eigenvalues on functions with f(flipped c) = ± f(c), given by their values on `classes`. */
function sector(conditional: Float64Array, classes: readonly number[], sign: 1 | -1): readonly Eigenvalue[] {
  const size = classes.length;
  const matrix = new Float64Array(size * size);
  classes.forEach((r, row) => {
    classes.forEach((c, column) => {
      const mirror = flippedClass[c];
      const other = mirror === c ? 0 : sign * conditional[r * CLASSES + mirror];
      matrix[row * size + column] = SITES_PER_BLOCK * (conditional[r * CLASSES + c] + other);
    });
  });
  return eigenvalues(matrix, size);
}
