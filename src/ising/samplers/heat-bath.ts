import type { Sampler } from "./sampler.js";

/** Heat bath (Glauber): draw each spin from its conditional 1/(1 + e^{ΔH}), sites in order. */
export const heatBath: Sampler = {
  name: "heat-bath",
  stepUnit: "sweep",
  allowsField: true,
  freeAtZeroCoupling: true,
  advance(kernels, state, couplings, key, volumes) {
    kernels.heatBathSweep(state, couplings, key);
    for (let chain = 0; chain < state.chains; chain++) volumes[chain] += state.sites;
  },
};
