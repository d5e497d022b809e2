import { DataError } from "../../errors/index.js";
import { type BitMatrix, unpackRow } from "../../kernels/index.js";
import { leastSquares, mean } from "../../statistics/index.js";
import { type ClassCoupling, fittedCoupling } from "./class-couplings.js";
import type { CouplingClass } from "./coupling-classes.js";
import { requireSets } from "./spin-sets.js";

/** A Hamiltonian written in some classes of products, as well as they can on the configurations given. */
export interface Projection {
  /** One J a class, its `error` one standard deviation from what is left over. */
  readonly couplings: readonly ClassCoupling[];
  /** Variance of −H over the configurations, in nats². */
  readonly variance: number;
  /** Variance of what the classes leave of −H, in nats². */
  readonly residualVariance: number;
}

/**
 * The couplings J_c, one for each class, that minimise the variance over the given configurations of −H(s) − Σ_c J_c S_c(s),
 * S_c = Σ_{A∈c} σ_A Π_{i∈A} s_i: the Hamiltonian where the configurations are, while the expansion weighs all 2^n alike. Exact
 * where H is of these classes. DataError unless there is a value of H for each row, and more rows than classes; DomainError where
 * the products depend linearly on one another over the rows.
 *
 * @param hamiltonians H of every row, in nats; a constant does not matter
 * @param rows the configurations, a row each
 * @param classes classes of their spins, such as `latticeClasses` makes
 */
export function projectHamiltonian(
  hamiltonians: Float64Array,
  rows: BitMatrix,
  classes: readonly CouplingClass[],
): Projection {
  if (hamiltonians.length !== rows.rows || rows.rows <= classes.length) {
    throw new DataError(
      `${hamiltonians.length} energies of ${rows.rows} configurations for ${classes.length} couplings: expected as many energies as configurations, and more than couplings.`,
    );
  }
  for (const each of classes) requireSets(each, rows.columns);
  const response = centered(hamiltonians.map((value) => -value));
  const products = classProducts(rows, classes).map(centered);
  const { coefficients, standardErrors, chiSquare } = leastSquares(products, response);
  return {
    couplings: classes.map((of, c) => fittedCoupling(of, coefficients[c], standardErrors[c])),
    variance: mean(response.map((value) => value * value)),
    residualVariance: chiSquare / rows.rows,
  };
}

/** S_c of every row, a column for each class. */
function classProducts(rows: BitMatrix, classes: readonly CouplingClass[]): readonly Float64Array[] {
  const columns = classes.map(() => new Float64Array(rows.rows));
  const spins = new Int8Array(rows.columns);
  for (let row = 0; row < rows.rows; row++) {
    unpackRow(rows, row, spins);
    classes.forEach((of, c) => (columns[c][row] = productSum(spins, of)));
  }
  return columns;
}

function productSum(spins: Int8Array, { order, members, signs }: CouplingClass): number {
  let sum = 0;
  for (let first = 0, set = 0; first < members.length; set++) {
    let product = signs === null ? 1 : signs[set];
    for (const end = first + order; first < end; first++) product *= spins[members[first]];
    sum += product;
  }
  return sum;
}

function centered(values: Float64Array): Float64Array {
  const middle = mean(values);
  return values.map((value) => value - middle);
}
