import type { Sampler } from "./sampler.js";

/** Swendsen & Wang 1987: draw all bonds with 1 − e^{−2K} and flip every cluster with probability ½. */
export const swendsenWang: Sampler = {
  name: "swendsen-wang",
  stepUnit: "sweep",
  allowsField: false,
  freeAtZeroCoupling: true,
  advance(kernels, state, couplings, key, volumes) {
    kernels.swendsenWangSweep(state, couplings, key);
    for (let chain = 0; chain < state.chains; chain++) volumes[chain] += state.sites;
  },
};
