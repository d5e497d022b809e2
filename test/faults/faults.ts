import { analysisFaults } from "./analysis.js";
import type { Fault } from "./fault.js";
import { isingFaults } from "./ising.js";
import { kernelFaults } from "./kernels.js";
import { rbmFaults } from "./rbm.js";
import { statisticsFaults } from "./statistics.js";

export const faults: readonly Fault[] = [
  ...isingFaults,
  ...kernelFaults,
  ...statisticsFaults,
  ...rbmFaults,
  ...analysisFaults,
];
