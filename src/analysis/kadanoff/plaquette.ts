/**
 * Interactions on one plaquette of the square lattice, four spins in cyclic order. A potential u(σ) with the symmetry of
 * the square takes one value on each of six classes of the 16 states; H = −Σ_plaquettes u, every site in four plaquettes.
 */

/** One state of each class: all up, one down, two neighbours down, two opposite down, three down, all down. */
const representatives = [
  [1, 1, 1, 1],
  [-1, 1, 1, 1],
  [-1, -1, 1, 1],
  [-1, 1, -1, 1],
  [1, -1, -1, -1],
  [-1, -1, -1, -1],
] as const;

export const PLAQUETTE_CLASSES = representatives.length;

/** The class that a flip of all four spins leads to. */
export const flippedClass: readonly number[] = [5, 4, 2, 3, 1, 0];

/** The couplings of u(σ) = constant + field Σσ + nearest Σ_edges σσ' + diagonal Σ_diagonals σσ' + triple Σ σσ'σ'' + fourSpin σσ'σ''σ'''. */
export interface PlaquetteCouplings {
  /** What u has without spins, in nats. */
  readonly constant: number;
  /** For each of the four spins. A spin belongs to four plaquettes: its field B is four times this. */
  readonly field: number;
  /** K₁, for each of the plaquette's four edges. An edge belongs to two plaquettes: its bond is 2K₁. */
  readonly nearest: number;
  /** K₂, for each of the two diagonals. */
  readonly diagonal: number;
  /** K₃, for each of the four triples. */
  readonly triple: number;
  /** K₄, for the product of all four. */
  readonly fourSpin: number;
}

type Spins = readonly number[];

/** Σ of the products that a coupling multiplies, and their number. */
const products: readonly {
  readonly name: keyof PlaquetteCouplings;
  readonly terms: number;
  readonly sum: (s: Spins) => number;
}[] = [
  { name: "constant", terms: 1, sum: () => 1 },
  { name: "field", terms: 4, sum: (s) => total(s) },
  { name: "nearest", terms: 4, sum: (s) => edges(s) },
  { name: "diagonal", terms: 2, sum: (s) => s[0] * s[2] + s[1] * s[3] },
  { name: "triple", terms: 4, sum: (s) => s[0] * s[1] * s[2] * s[3] * total(s) },
  { name: "fourSpin", terms: 1, sum: (s) => s[0] * s[1] * s[2] * s[3] },
];

function total(s: Spins): number {
  return s[0] + s[1] + s[2] + s[3];
}

function edges(s: Spins): number {
  return s[0] * s[1] + s[1] * s[2] + s[2] * s[3] + s[3] * s[0];
}

/** The class of a state: magnetisation and number of satisfied edges tell. */
function classOf(state: Spins): number {
  return representatives.findIndex((s) => total(s) === total(state) && edges(s) === edges(state));
}

/** All 16 states. */
const states: readonly Spins[] = Array.from({ length: 16 }, (_, index) =>
  [0, 1, 2, 3].map((site) => 2 * ((index >>> site) & 1) - 1),
);

/** Number of states in each class: 1, 4, 4, 2, 4, 1. */
export const classSizes: readonly number[] = representatives.map(
  (_, number) => states.filter((state) => classOf(state) === number).length,
);

/** Σσ in each class. */
export const classMagnetizations: readonly number[] = representatives.map(total);

/** Values μ·σ can have. */
export const OVERLAPS = [-4, -2, 0, 2, 4] as const;

/** overlapCounts[(r·6 + c)·5 + k]: states σ of class c with μ·σ = 2k − 4, μ being the representative of class r. */
export const overlapCounts: Float64Array = Float64Array.from(
  representatives.flatMap((mu) =>
    representatives.flatMap((_, number) =>
      OVERLAPS.map(
        (overlap) =>
          states.filter(
            (s) => classOf(s) === number && s.reduce((sum, x, site) => sum + x * mu[site], 0) === overlap,
          ).length,
      ),
    ),
  ),
);

/** u on the six classes from its couplings; those left out are 0. */
export function plaquettePotential(couplings: Partial<PlaquetteCouplings>): Float64Array {
  return Float64Array.from(representatives, (state) =>
    products.reduce((u, { name, sum }) => u + (couplings[name] ?? 0) * sum(state), 0),
  );
}

/** The six couplings of u: K_A = Σ_σ u(σ) S_A(σ)/(16 n_A), S_A the sum of the n_A products of kind A. */
export function plaquetteCouplings(potential: Float64Array): PlaquetteCouplings {
  const coupling = (name: keyof PlaquetteCouplings): number => {
    const { terms, sum } = products.find((product) => product.name === name)!;
    return representatives.reduce(
      (value, state, number) => value + (classSizes[number] * potential[number] * sum(state)) / (16 * terms),
      0,
    );
  };
  return {
    constant: coupling("constant"),
    field: coupling("field"),
    nearest: coupling("nearest"),
    diagonal: coupling("diagonal"),
    triple: coupling("triple"),
    fourSpin: coupling("fourSpin"),
  };
}

/** The nearest-neighbour Ising model of coupling K in a field B: half a bond to each of its plaquettes, a quarter of a site. */
export function isingPotential(coupling: number, field = 0): Float64Array {
  return plaquettePotential({ nearest: coupling / 2, field: field / 4 });
}
