import { RandomStream, type SeedKey } from "../../random/index.js";
import { exp, logistic } from "../elementary.js";
import type { IsingCouplings, LatticeState } from "../interface.js";
import { bernoulliLanes, fixedPoint, GROUP_WORDS, laneGenerators } from "./lane-bernoulli.js";

/**
 * How a spin answers its local field h_n = K(2n − degree) + B with n neighbours up. `favored[n]` says whether up is the
 * state along the field (h_n ≥ 0). `resists[n]`, in 32-bit fixed point, is the probability of the state against it.
 */
export interface LocalRule {
  readonly favored: readonly boolean[];
  readonly resists: Float64Array;
}

/** P(against the field) = logistic(−2|h|). */
export function heatBathRule(couplings: IsingCouplings, degree: number): LocalRule {
  return localRule(couplings, degree, (field) => logistic(-2 * field));
}

/** P(a spin along the field turns against it) = e^{−2|h|}; one against it always turns. */
export function metropolisRule(couplings: IsingCouplings, degree: number): LocalRule {
  return localRule(couplings, degree, (field) => exp(-2 * field));
}

function localRule(
  { coupling, field }: IsingCouplings,
  degree: number,
  probability: (strength: number) => number,
): LocalRule {
  const fields = Array.from({ length: degree + 1 }, (_, n) => coupling * (2 * n - degree) + field);
  return {
    favored: fields.map((h) => h >= 0),
    resists: Float64Array.from(fields, (h) => fixedPoint(probability(Math.abs(h)))),
  };
}

/** See LatticeKernels.heatBathSweep. */
export function heatBathSweep(state: LatticeState, couplings: IsingCouplings, key: SeedKey): void {
  const rule = heatBathRule(couplings, state.degree);
  const site = new LaneSite(state);
  for (let group = 0; group < groupsOf(state); group++) {
    const generators = laneGenerators(key, group);
    for (let n = 0; n < state.sites; n++) {
      site.visit(n, group, rule);
      bernoulliLanes(site.classes, rule.resists, generators, site.success);
      for (let w = 0; w < GROUP_WORDS; w++) state.spins[site.start + w] = site.favored[w] ^ site.success[w];
    }
  }
}

/** See LatticeKernels.metropolisSweep. */
export function metropolisSweep(state: LatticeState, couplings: IsingCouplings, key: SeedKey): void {
  const { sites, spins } = state;
  const rule = metropolisRule(couplings, state.degree);
  const site = new LaneSite(state);
  const stream = new RandomStream(key);
  const order = Int32Array.from({ length: sites }, () => stream.nextInteger(sites));
  for (let group = 0; group < groupsOf(state); group++) {
    const generators = laneGenerators(key, group);
    for (let update = 0; update < sites; update++) {
      site.visit(order[update], group, rule);
      const along = site.favored.map((lanes, w) => ~(lanes ^ spins[site.start + w]));
      for (let k = 0; k < site.classes.length; k++) site.classes[k] &= along[k % GROUP_WORDS];
      bernoulliLanes(site.classes, rule.resists, generators, site.success);
      for (let w = 0; w < GROUP_WORDS; w++) spins[site.start + w] = site.favored[w] ^ site.success[w];
    }
  }
}

function groupsOf({ wordsPerSite }: LatticeState): number {
  if (wordsPerSite % GROUP_WORDS === 0) return wordsPerSite / GROUP_WORDS;
  throw new RangeError(`${wordsPerSite} words per site: expected a multiple of ${GROUP_WORDS}`);
}

/** The lanes of one site and one group of words, by what surrounds them. */
class LaneSite {
  /** Index of the group's first word in `spins`. */
  start = 0;
  /** classes[4n + w]: lanes of word w with n neighbours up. */
  readonly classes: Int32Array;
  /** Lanes where up is along the field. */
  readonly favored = new Int32Array(GROUP_WORDS);
  readonly success = new Int32Array(GROUP_WORDS);

  constructor(private readonly state: LatticeState) {
    this.classes = new Int32Array(GROUP_WORDS * (state.degree + 1));
  }

  visit(site: number, group: number, rule: LocalRule): void {
    this.start = site * this.state.wordsPerSite + GROUP_WORDS * group;
    this.favored.fill(0);
    for (let w = 0; w < GROUP_WORDS; w++) {
      this.#countUpNeighbors(site, GROUP_WORDS * group + w, w);
      rule.favored.forEach((up, n) => {
        if (up) this.favored[w] |= this.classes[GROUP_WORDS * n + w];
      });
    }
  }

  #countUpNeighbors(site: number, word: number, w: number): void {
    const { degree, neighbors, wordsPerSite, spins } = this.state;
    const { classes } = this;
    for (let n = 1; n <= degree; n++) classes[GROUP_WORDS * n + w] = 0;
    classes[w] = -1;
    for (let d = 0; d < degree; d++) {
      const up = spins[neighbors[site * degree + d] * wordsPerSite + word];
      for (let n = d + 1; n > 0; n--) {
        const fewer = classes[GROUP_WORDS * (n - 1) + w];
        classes[GROUP_WORDS * n + w] = (classes[GROUP_WORDS * n + w] & ~up) | (fewer & up);
      }
      classes[w] &= ~up;
    }
  }
}
