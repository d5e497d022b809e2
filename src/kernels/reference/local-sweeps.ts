import { RandomStream, type SeedKey, threefry2x32 } from "../../random/index.js";
import { exp, logistic } from "../elementary.js";
import type { IsingCouplings, LatticeState } from "../interface.js";
import { bernoulliLanes, fixedPoint } from "./lane-bernoulli.js";

/** Lanes by number of up neighbours: classes[n] has a lane's bit set if n of the site's neighbours are up. */
function countUpNeighbors(state: LatticeState, site: number, word: number, classes: Int32Array): void {
  const { degree, neighbors, wordsPerSite, spins } = state;
  classes.fill(0);
  classes[0] = -1;
  for (let d = 0; d < degree; d++) {
    const up = spins[neighbors[site * degree + d] * wordsPerSite + word];
    for (let n = d + 1; n > 0; n--) classes[n] = (classes[n] & ~up) | (classes[n - 1] & up);
    classes[0] &= ~up;
  }
}

/** Local field K Σ_nn v + B with n of `degree` neighbours up. */
function localField({ coupling, field }: IsingCouplings, degree: number, n: number): number {
  return coupling * (2 * n - degree) + field;
}

/** See LatticeKernels.heatBathSweep. */
export function heatBathSweep(state: LatticeState, couplings: IsingCouplings, key: SeedKey): void {
  const { sites, degree, wordsPerSite, spins } = state;
  const thresholds = Float64Array.from({ length: degree + 1 }, (_, n) =>
    fixedPoint(logistic(2 * localField(couplings, degree, n))),
  );
  const classes = new Int32Array(degree + 1);
  for (let site = 0; site < sites; site++) {
    for (let word = 0; word < wordsPerSite; word++) {
      const index = site * wordsPerSite + word;
      countUpNeighbors(state, site, word, classes);
      spins[index] = bernoulliLanes(classes, thresholds, key.word0, key.word1, index);
    }
  }
}

/** See LatticeKernels.metropolisSweep. */
export function metropolisSweep(state: LatticeState, couplings: IsingCouplings, key: SeedKey): void {
  const { sites, degree, wordsPerSite, spins } = state;
  const rise = (n: number): number => Math.max(0, 2 * localField(couplings, degree, n));
  const fall = (n: number): number => Math.max(0, -2 * localField(couplings, degree, n));
  const thresholds = Float64Array.from({ length: 2 * (degree + 1) }, (_, c) =>
    fixedPoint(exp(c <= degree ? -fall(c) : -rise(c - degree - 1))),
  );
  const neighborClasses = new Int32Array(degree + 1);
  const classes = new Int32Array(2 * (degree + 1));
  const order = new RandomStream(key);
  const site32 = new Uint32Array(2);
  threefry2x32(key.word0, key.word1, 0xffffffff, 0xffffffff, site32);
  for (let update = 0; update < sites; update++) {
    const site = order.nextInteger(sites);
    for (let word = 0; word < wordsPerSite; word++) {
      const index = site * wordsPerSite + word;
      const up = spins[index];
      countUpNeighbors(state, site, word, neighborClasses);
      for (let n = 0; n <= degree; n++) {
        classes[n] = neighborClasses[n] & ~up;
        classes[degree + 1 + n] = neighborClasses[n] & up;
      }
      spins[index] =
        up ^ bernoulliLanes(classes, thresholds, site32[0], site32[1], update * wordsPerSite + word);
    }
  }
}
