import { type BitMatrix, unpackRow } from "../kernels/index.js";

/** Largest block side compared with; larger blocks are rarely the best and cost b² each. */
const MAX_BLOCK = 8;

/** How well one hidden unit computes the majority of a block of visible spins. */
export interface BlockOverlap {
  /** Side b of the best b×b block (b sites on a chain); NaN for a dead unit. */
  readonly size: number;
  /** |⟨h · maj_b⟩| over the configurations, h the unit's mean in [−1, 1], maj the sign of the block's sum, 0 for a tie. */
  readonly overlap: number;
}

/**
 * For every hidden unit the block side 1 … 8 whose majority spin it follows best. `means` holds ⟨h⟩ ∈ [−1, 1] for every
 * row of `visible` (rows × units); `centers` are the fields' centres, around which the blocks are laid.
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
    Array.from({ length: largest }, (_, index) => blockSites(center, shape, index + 1)),
  );
  for (let row = 0; row < visible.rows; row++) {
    unpackRow(visible, row, spins);
    blocks.forEach((sizes, unit) => {
      sizes.forEach((sites, index) => {
        sums[unit][index + 1] += means[row * centers.length + unit] * majority(spins, sites);
      });
    });
  }
  return sums.map((overlaps, unit) => {
    if (centers[unit].some(Number.isNaN)) return { size: NaN, overlap: NaN };
    let size = 1;
    for (let b = 2; b <= largest; b++) if (Math.abs(overlaps[b]) > Math.abs(overlaps[size])) size = b;
    return { size, overlap: Math.abs(overlaps[size]) / visible.rows };
  });
}

/** Sites of the b×b (or b-site) block whose middle lies nearest to `center`, wrapped over the lattice's edges. */
function blockSites(center: readonly number[], shape: readonly number[], b: number): Int32Array {
  if (center.some(Number.isNaN)) return new Int32Array(0);
  let sites = [0];
  shape.forEach((side, axis) => {
    const first = Math.round(center[axis] - (b - 1) / 2) + side;
    sites = sites.flatMap((site) => Array.from({ length: b }, (_, k) => site * side + ((first + k) % side)));
  });
  return Int32Array.from(sites);
}

function majority(spins: Int8Array, sites: Int32Array): number {
  let sum = 0;
  for (let k = 0; k < sites.length; k++) sum += spins[sites[k]];
  return Math.sign(sum);
}
