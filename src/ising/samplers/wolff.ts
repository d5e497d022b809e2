import type { Sampler } from "./sampler.js";

/** Wolff 1989: grow one cluster from a random site through bonds drawn with 1 − e^{−2K} and flip it. */
export const wolff: Sampler = {
  name: "wolff",
  stepUnit: "cluster",
  allowsField: false,
  freeAtZeroCoupling: false,
  advance(kernels, state, couplings, key, volumes) {
    kernels.wolffCluster(state, couplings, key, volumes);
  },
};
