import type { Arena, Kernels } from "../interface.js";
import { swendsenWangSweep, wolffCluster } from "./clusters.js";
import { referenceEnumerationKernels } from "./enumeration.js";
import { heatBathSweep, metropolisSweep } from "./local-sweeps.js";
import { referenceRbmKernels } from "./rbm.js";

const ordinaryMemory: Arena = {
  float32: (length) => new Float32Array(length),
  float64: (length) => new Float64Array(length),
  words: (length) => new Uint32Array(length),
  release: () => undefined,
};

/** The oracle: plain, readable TypeScript that every faster implementation is tested against. */
export const referenceKernels: Kernels = {
  name: "reference",
  threads: 1,
  rbm: referenceRbmKernels,
  lattice: { heatBathSweep, metropolisSweep, wolffCluster, swendsenWangSweep },
  enumeration: referenceEnumerationKernels,
  arena: () => ordinaryMemory,
  close: () => undefined,
};
