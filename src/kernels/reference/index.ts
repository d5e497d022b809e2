import type { Kernels } from "../interface.js";
import { swendsenWangSweep, wolffCluster } from "./clusters.js";
import { heatBathSweep, metropolisSweep } from "./local-sweeps.js";
import { referenceRbmKernels } from "./rbm.js";

/** The oracle: plain, readable TypeScript that every faster implementation is tested against. */
export const referenceKernels: Kernels = {
  name: "reference",
  rbm: referenceRbmKernels,
  lattice: { heatBathSweep, metropolisSweep, wolffCluster, swendsenWangSweep },
  allocateFloat32: (length) => new Float32Array(length),
  allocateWords: (length) => new Uint32Array(length),
};
