import type { Section } from "../section.js";
import { cdStep } from "./cd-step.js";
import { endToEnd } from "./end-to-end.js";
import { gibbsSweep } from "./gibbs-sweep.js";
import { growth } from "./growth.js";
import { latticeSweep } from "./lattice-sweep.js";
import { memoryGrowth } from "./memory.js";
import { startUp } from "./start-up.js";
import { threadScaling } from "./threads.js";
import { wolffCluster } from "./wolff-cluster.js";

/** Every section, in the order they run. A new one is its file and its line here. */
export const sections: readonly Section[] = [
  startUp,
  cdStep,
  gibbsSweep,
  latticeSweep,
  wolffCluster,
  threadScaling,
  growth,
  endToEnd,
  memoryGrowth,
];
