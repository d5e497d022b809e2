import type { LayerArrays } from "../kernels/index.js";
import type { StateArrays } from "./layer-state.js";

/**
 * The mean of a layer's parameters over the last updates of its training. The iterates of a stochastic gradient scatter around
 * the minimum; their mean comes much nearer to it (Polyak & Juditsky, SIAM J. Control Optim. 30, 838 (1992)).
 */
export class ParameterAverage {
  readonly #live: Readonly<Record<"weights" | "visibleBias" | "hiddenBias", Float32Array>>;
  readonly #means: Readonly<Record<"weights" | "visibleBias" | "hiddenBias", Float64Array>>;

  /** `first` is the first update whose result counts, from 1. */
  constructor(
    { weights, visibleBias, hiddenBias }: LayerArrays,
    private readonly first: number,
  ) {
    this.#live = { weights, visibleBias, hiddenBias };
    this.#means = {
      weights: new Float64Array(weights.length),
      visibleBias: new Float64Array(visibleBias.length),
      hiddenBias: new Float64Array(hiddenBias.length),
    };
  }

  /** The means so far, to go on from later. */
  get state(): StateArrays {
    return this.#means;
  }

  /** Count the parameters as they are after this update. */
  add(update: number): void {
    if (update < this.first) return;
    const share = 1 / (update - this.first + 1);
    for (const name of ["weights", "visibleBias", "hiddenBias"] as const) {
      const [live, mean] = [this.#live[name], this.#means[name]];
      for (let k = 0; k < mean.length; k++) mean[k] += (live[k] - mean[k]) * share;
    }
  }

  /** Put the means in the place of the parameters. */
  settle(): void {
    for (const name of ["weights", "visibleBias", "hiddenBias"] as const)
      this.#live[name].set(this.#means[name]);
  }
}
