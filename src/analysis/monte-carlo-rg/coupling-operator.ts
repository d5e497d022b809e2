/** A place relative to a site: steps along x and y. */
export type Offset = readonly [x: number, y: number];

/** Whether a product of spins keeps or changes its sign when all spins are flipped. */
export type Parity = "even" | "odd";

/**
 * One interaction of a square lattice, S_α = Σ_sites Σ_shapes Π v: a product of spins in every position, orientation and
 * mirror image, each once a site. H = −Σ_α K_α S_α.
 */
export interface CouplingOperator {
  /** As it stands in tables. */
  readonly name: string;
  /** That of the number of spins multiplied. */
  readonly parity: Parity;
  /** Offsets of the spins multiplied, one entry for every orientation; the first offset is (0, 0). */
  readonly shapes: readonly (readonly Offset[])[];
}

/**
 * The interaction whose shapes are all images of one shape under the eight symmetries of the square; images that differ by
 * a translation count once. On a torus so small that shapes meet themselves around it the products are what they are.
 *
 * @param name as it is to stand in tables
 * @param shape places of the spins multiplied, relative to any site
 */
export function couplingOperator(name: string, shape: readonly Offset[]): CouplingOperator {
  const images = new Map<string, readonly Offset[]>();
  for (const symmetry of squareSymmetries) {
    const image = canonical(shape.map(symmetry));
    images.set(image.join(";"), image);
  }
  return { name, parity: shape.length % 2 === 0 ? "even" : "odd", shapes: [...images.values()] };
}

const squareSymmetries: readonly ((offset: Offset) => Offset)[] = [
  ([x, y]) => [x, y],
  ([x, y]) => [-y, x],
  ([x, y]) => [-x, -y],
  ([x, y]) => [y, -x],
  ([x, y]) => [x, -y],
  ([x, y]) => [-x, y],
  ([x, y]) => [y, x],
  ([x, y]) => [-y, -x],
];

/** The same shape in order, moved so that its first offset is (0, 0). */
function canonical(shape: readonly Offset[]): readonly Offset[] {
  const sorted = [...shape].sort(([ax, ay], [bx, by]) => ax - bx || ay - by);
  const [firstX, firstY] = sorted[0];
  return sorted.map(([x, y]) => [x - firstX, y - firstY]);
}
