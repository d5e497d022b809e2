import { DomainError } from "../errors/index.js";

/** Largest number of sites a lattice may have: site numbers must fit the 32-bit index arrays with room to spare. */
const MAX_SITES = 2 ** 26;

/**
 * A periodic lattice. Sites are numbered row-major: site = x·Ly + y on the torus of shape [Lx, Ly], site = x on the
 * chain (a ring) of shape [N].
 */
export interface Lattice {
  /** `chain` is one-dimensional (a ring), `torus` two-dimensional. */
  readonly kind: "chain" | "torus";
  /** [N] or [Lx, Ly]. */
  readonly shape: readonly number[];
  /** Number of sites: N or Lx·Ly, at most 2^26. */
  readonly sites: number;
  /** Neighbours per site: 2 on the chain, 4 on the torus. */
  readonly degree: number;
  /** neighbors[site·degree + d]; directions +x, −x, +y, −y. A side of 2 makes both directions reach the same site. */
  readonly neighbors: Int32Array;
}

/**
 * The ring of N ≥ 2 sites, N bonds (N = 2 has a doubled bond). DomainError for any other number, and above 2^26 sites.
 *
 * @param length N, the number of sites
 */
export function chain(length: number): Lattice {
  requireSide(length, `chain of ${length} sites`);
  return build("chain", [length]);
}

/**
 * The Lx × Ly torus, sides ≥ 2, 2·Lx·Ly bonds (a side of 2 has doubled bonds). DomainError for other sides, and above
 * 2^26 sites.
 *
 * @param width Lx, the side along x, the first index
 * @param height Ly, the side along y, the index that varies fastest
 */
export function torus(width: number, height: number): Lattice {
  const name = `torus ${width}x${height}`;
  if ((width === 1 || height === 1) && width * height > 1) {
    const length = Math.max(width, height);
    throw new DomainError(
      `${name}: a side of 1 would bond every spin to itself. For ${length} spins on a ring use the chain: ${length}.`,
    );
  }
  requireSide(width, name);
  requireSide(height, name);
  return build("torus", [width, height]);
}

/** Read a lattice as users write it: `40x40` is a torus, `64` a chain. DomainError for any other text. */
export function parseLattice(text: string): Lattice {
  const match = /^\s*(\d+)\s*(?:[x×]\s*(\d+)\s*)?$/i.exec(text);
  if (match === null) {
    throw new DomainError(
      `lattice "${text}": expected LENGTH for a chain or WIDTHxHEIGHT for a torus, for example 40x40.`,
    );
  }
  const [first, second] = match.slice(1) as [string, string | undefined];
  return second === undefined ? chain(Number(first)) : torus(Number(first), Number(second));
}

/** The lattice as users write it: `40x40` or `64`. */
export function latticeName(lattice: Lattice): string {
  return lattice.shape.join("x");
}

function requireSide(side: number, name: string): void {
  if (!Number.isInteger(side) || side < 2) {
    throw new DomainError(`${name}: every side must be a whole number ≥ 2.`);
  }
}

function build(kind: Lattice["kind"], shape: readonly number[]): Lattice {
  const sites = shape.reduce((product, side) => product * side, 1);
  if (sites > MAX_SITES) {
    throw new DomainError(
      `lattice ${shape.join("x")} has ${sites} sites; at most ${MAX_SITES} are supported.`,
    );
  }
  let table: Int32Array | null = null;
  return {
    kind,
    shape,
    sites,
    degree: 2 * shape.length,
    // Made when it is first asked for: many a lattice is only named, in ten thousand configurations, or is too large.
    get neighbors() {
      return (table ??= neighborTable(shape, sites));
    },
  };
}

function neighborTable(shape: readonly number[], sites: number): Int32Array {
  const degree = 2 * shape.length;
  const neighbors = new Int32Array(sites * degree);
  let stride = sites;
  shape.forEach((side, axis) => {
    stride /= side;
    for (let site = 0; site < sites; site++) {
      const position = Math.floor(site / stride) % side;
      const base = site - position * stride;
      neighbors[site * degree + 2 * axis] = base + ((position + 1) % side) * stride;
      neighbors[site * degree + 2 * axis + 1] = base + ((position + side - 1) % side) * stride;
    }
  });
  return neighbors;
}
