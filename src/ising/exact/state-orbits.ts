/** A set of states of a periodic row that the row's symmetries carry into one another. */
export interface StateOrbit {
  /** The smallest state; bit i set means v_i = +1. */
  readonly state: number;
  /** Number of states in the orbit. */
  readonly size: number;
}

/**
 * The 2^width states of a row of `width` spins sorted into orbits under translation, reflection and, if `flip`, the global
 * spin flip. Cost O(2^width · width).
 */
export function stateOrbits(width: number, flip: boolean): readonly StateOrbit[] {
  const seen = new Uint8Array(2 ** width);
  const orbits: StateOrbit[] = [];
  for (let state = 0; state < seen.length; state++) {
    if (seen[state] === 1) continue;
    let size = 0;
    for (const image of images(state, width, flip)) {
      if (seen[image] === 0) size++;
      seen[image] = 1;
    }
    orbits.push({ state, size });
  }
  return orbits;
}

function* images(state: number, width: number, flip: boolean): Generator<number> {
  const all = 2 ** width - 1;
  for (const start of [state, reflect(state, width)]) {
    let image = start;
    for (let shift = 0; shift < width; shift++) {
      yield image;
      if (flip) yield all ^ image;
      image = ((image << 1) & all) | (image >> (width - 1));
    }
  }
}

function reflect(state: number, width: number): number {
  let mirrored = 0;
  for (let site = 0; site < width; site++) mirrored |= ((state >> site) & 1) << (width - 1 - site);
  return mirrored;
}
