import type { Rbm } from "../../rbm/parameters.js";
import { mean } from "../../statistics/index.js";
import type { CouplingClass } from "./coupling-classes.js";
import { type Couplings, expandHamiltonian, type ExpansionOptions } from "./expansion.js";
import { setCount } from "./spin-sets.js";

/** The couplings of one class. */
export interface ClassCoupling {
  /** Name of the class: `field`, `pair 1,0`, `corner`, … */
  readonly name: string;
  /** Spins per set, 1 to 4. */
  readonly order: number;
  /** Of pairs the distance of the two spins, in sites; NaN otherwise. */
  readonly distance: number;
  /** Sets in the class. */
  readonly sets: number;
  /** J, the mean over the class. */
  readonly coupling: number;
  /** Standard deviation over the class: how far the model is from a translation-invariant one. 0 for a fit with one J. */
  readonly deviation: number;
  /** The largest |J_A| of the class; of a fit |J|. */
  readonly largest: number;
  /** Of an expansion a bound on the error of J; of a fit one standard deviation. */
  readonly error: number;
  /** False where the configurations of a fit leave J undetermined; it is then where the search ended, its error NaN. */
  readonly determined: boolean;
}

/** A class with the coupling of each of its sets, and their summary. */
export interface ExpandedClass extends Couplings {
  /** The class; `values` and `errors` are in the order of its sets. */
  readonly of: CouplingClass;
  /** Mean, spread and largest of its couplings. */
  readonly summary: ClassCoupling;
}

/**
 * The couplings of an RBM's visible spins by class, see `expandHamiltonian`.
 *
 * @param rbm the RBM, with units of either kind
 * @param classes classes of its visible units, such as `latticeClasses` makes
 * @param options how exactly; default: all weights, without a pause
 */
export async function expandClasses(
  rbm: Rbm,
  classes: readonly CouplingClass[],
  options?: ExpansionOptions,
): Promise<readonly ExpandedClass[]> {
  const products = classes.filter(({ order }) => order > 1);
  const { fields, couplings } = await expandHamiltonian(rbm, products, options);
  let next = 0;
  return classes.map((of) => {
    const each = of.order === 1 ? selected(fields, of.members) : couplings[next++];
    return { of, ...each, summary: summarizeClass(of, each) };
  });
}

function selected({ values, errors }: Couplings, members: Int32Array): Couplings {
  return {
    values: Float64Array.from(members, (spin) => values[spin]),
    errors: Float64Array.from(members, (spin) => errors[spin]),
  };
}

/** Mean, spread and largest value of a class of at least one set. */
function summarizeClass(of: CouplingClass, { values, errors }: Couplings): ClassCoupling {
  const signed = values.map((value, set) => (of.signs?.[set] ?? 1) * value);
  const coupling = mean(signed);
  const squares = signed.map((value) => (value - coupling) ** 2);
  return {
    name: of.name,
    order: of.order,
    distance: of.distance,
    sets: setCount(of),
    coupling,
    deviation: Math.sqrt(mean(squares)),
    largest: values.reduce((most, value) => Math.max(most, Math.abs(value)), 0),
    error: mean(errors),
    determined: true,
  };
}

/** A class with one coupling for all of its sets, and one standard deviation of it. */
export function fittedCoupling(
  of: CouplingClass,
  coupling: number,
  error: number,
  determined = true,
): ClassCoupling {
  const { name, order, distance } = of;
  const [sets, largest] = [setCount(of), Math.abs(coupling)];
  return { name, order, distance, sets, coupling, deviation: 0, largest, error, determined };
}
