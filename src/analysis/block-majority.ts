import { type BitMatrix, unpackRow } from "../kernels/index.js";

/** Largest block side compared with. */
const MAX_BLOCK = 16;

/** How well one hidden unit computes the majority of a block of visible spins. */
export interface BlockOverlap {
  /** Side b of the best b×b block (b sites on a chain); NaN for a dead unit. */
  readonly size: number;
  /** |⟨h · maj_b⟩| over the configurations, h the unit's mean in [−1, 1], maj the sign of the block's sum, 0 for a tie. */
  readonly overlap: number;
  /** The same for b = 1, the spin nearest to the centre: a unit that copies it has no other reason to follow a block. */
  readonly siteOverlap: number;
}

/**
 * For every hidden unit the block side whose majority spin it follows best: 1 … 16, but at most the shorter side of the
 * lattice. Cost rows · (sites + 16 units).
 *
 * @param visible configurations of the lattice, a row each
 * @param means ⟨h⟩ ∈ [−1, 1] of every unit given each row, rows × units
 * @param centers centres of the units' fields in sites, around which the blocks are laid; NaN for a dead unit
 * @param shape sides of the lattice, [N] or [Lx, Ly]
 */
export function blockMajorityOverlaps(
  visible: BitMatrix,
  means: Float32Array,
  centers: readonly (readonly number[])[],
  shape: readonly number[],
): readonly BlockOverlap[] {
  const spins = new Int8Array(visible.columns);
  const largest = Math.min(MAX_BLOCK, ...shape);
  const sums = centers.map(() => new Float64Array(largest + 1));
  const blocks = centers.map((center) =>
    center.some(Number.isNaN) ? null : blockCorners(center, shape, largest),
  );
  const blockSums = new BlockSums(shape, largest);
  for (let row = 0; row < visible.rows; row++) {
    unpackRow(visible, row, spins);
    blockSums.load(spins);
    blocks.forEach((corners, unit) => {
      if (corners === null) return;
      const mean = means[row * centers.length + unit];
      for (let b = 1; b <= largest; b++) sums[unit][b] += mean * Math.sign(blockSums.sum(corners[b], b));
    });
  }
  return sums.map((overlaps, unit) => {
    if (blocks[unit] === null) return { size: NaN, overlap: NaN, siteOverlap: NaN };
    let size = 1;
    for (let b = 2; b <= largest; b++) if (Math.abs(overlaps[b]) > Math.abs(overlaps[size])) size = b;
    const [overlap, siteOverlap] = [size, 1].map((b) => Math.abs(overlaps[b]) / visible.rows);
    return { size, overlap, siteOverlap };
  });
}

/** First site, as [x, y] in 0 … L − 1, of the block of each side whose middle lies nearest to `center`. */
function blockCorners(
  center: readonly number[],
  shape: readonly number[],
  largest: number,
): readonly (readonly [number, number])[] {
  return Array.from({ length: largest + 1 }, (_, b) => {
    const [x, y = 0] = shape.map((side, axis) => {
      const first = Math.round(center[axis] - (b - 1) / 2);
      return ((first % side) + side) % side;
    });
    return [x, y];
  });
}

/** Sums of the spins of any block of one configuration in four look-ups, from the sums of all rectangles at the origin. */
class BlockSums {
  readonly #width: number;
  readonly #height: number;
  /** Extents of the table: the lattice, continued periodically by `largest`; of a chain one site high. */
  readonly #columns: number;
  readonly #rows: number;
  readonly #table: Int32Array;

  constructor(shape: readonly number[], largest: number) {
    const [width, height = 1] = shape;
    this.#width = width;
    this.#height = height;
    this.#columns = width + largest;
    this.#rows = shape.length === 1 ? 1 : height + largest;
    this.#table = new Int32Array((this.#columns + 1) * (this.#rows + 1));
  }

  /** table[x, y] = Σ of the spins with x' < x and y' < y. */
  load(spins: Int8Array): void {
    const stride = this.#rows + 1;
    const table = this.#table;
    for (let x = 0; x < this.#columns; x++) {
      const first = (x % this.#width) * this.#height;
      let along = 0;
      for (let y = 0; y < this.#rows; y++) {
        along += spins[first + (y % this.#height)];
        table[(x + 1) * stride + y + 1] = table[x * stride + y + 1] + along;
      }
    }
  }

  /** Σ over the b×b block (b sites of a chain) that begins at [x, y]. */
  sum([x, y]: readonly [number, number], b: number): number {
    const stride = this.#rows + 1;
    const top = Math.min(this.#rows, y + b);
    const [near, far] = [x * stride, (x + b) * stride];
    return this.#table[far + top] - this.#table[near + top] - this.#table[far + y] + this.#table[near + y];
  }
}
