/** A field r(d) of the shortest distance to `center` on the torus of shape [Lx, Ly]. */
export function radialField(
  [width, height]: readonly [number, number],
  [cx, cy]: readonly [number, number],
  r: (distance: number) => number,
): Float64Array {
  const wrap = (offset: number, side: number): number => offset - side * Math.round(offset / side);
  return Float64Array.from({ length: width * height }, (_, site) =>
    r(Math.hypot(wrap(Math.floor(site / height) - cx, width), wrap((site % height) - cy, height))),
  );
}

/** A field r(x) of the position x = 0 … N − 1 on a ring. */
export function ringField(length: number, r: (position: number) => number): Float64Array {
  return Float64Array.from({ length }, (_, x) => r(x));
}
