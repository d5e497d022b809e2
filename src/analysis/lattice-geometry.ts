import { cos, sin } from "../kernels/elementary.js";

/** Where the sites of a periodic lattice of shape [N] or [Lx, Ly] (row-major) lie; made once, used for every field. */
export interface LatticeGeometry {
  readonly shape: readonly number[];
  readonly sites: number;
  /** coordinates[axis][site] in 0 … side − 1. */
  readonly coordinates: readonly Int32Array[];
  /** cos and sin of 2πx/side for x = 0 … side − 1 along each axis. */
  readonly cosines: readonly Float64Array[];
  readonly sines: readonly Float64Array[];
}

export function latticeGeometry(shape: readonly number[]): LatticeGeometry {
  const sites = siteCount(shape);
  const circle = (wave: (angle: number) => number): readonly Float64Array[] =>
    shape.map((side) => Float64Array.from({ length: side }, (_, x) => wave((2 * Math.PI * x) / side)));
  return {
    shape,
    sites,
    coordinates: shape.map((_, axis) =>
      Int32Array.from({ length: sites }, (__, site) => coordinate(site, shape, axis)),
    ),
    cosines: circle(cos),
    sines: circle(sin),
  };
}

/** N or Lx·Ly. */
export function siteCount(shape: readonly number[]): number {
  return shape.reduce((product, side) => product * side, 1);
}

/** Position of `site` along `axis`. */
function coordinate(site: number, shape: readonly number[], axis: number): number {
  const stride = siteCount(shape.slice(axis + 1));
  return Math.floor(site / stride) % shape[axis];
}

/** The shortest way from 0 to `offset` on a circle of `side` sites, in [−side/2, side/2]. */
export function shortestOffset(offset: number, side: number): number {
  return offset - side * Math.round(offset / side);
}

/** d², the square of the shortest distance from a site to a point of the torus. */
export function squaredDistance(
  { coordinates, shape }: LatticeGeometry,
  site: number,
  point: readonly number[],
): number {
  let total = 0;
  for (let axis = 0; axis < shape.length; axis++) {
    const offset = shortestOffset(coordinates[axis][site] - point[axis], shape[axis]);
    total += offset * offset;
  }
  return total;
}

/** The shortest distance between two points of the torus. */
export function pointDistance(a: readonly number[], b: readonly number[], shape: readonly number[]): number {
  let total = 0;
  for (let axis = 0; axis < shape.length; axis++) {
    const offset = shortestOffset(a[axis] - b[axis], shape[axis]);
    total += offset * offset;
  }
  return Math.sqrt(total);
}
