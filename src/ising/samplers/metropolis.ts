import type { Sampler } from "./sampler.js";

/** Metropolis et al. 1953: accept a flip with min(1, e^{−ΔH}), at random sites (a fixed site order can be reducible). */
export const metropolis: Sampler = {
  name: "metropolis",
  stepUnit: "sweep",
  allowsField: true,
  freeAtZeroCoupling: false,
  advance(kernels, state, couplings, key, volumes) {
    kernels.metropolisSweep(state, couplings, key);
    for (let chain = 0; chain < state.chains; chain++) volumes[chain] += state.sites;
  },
};
