import { referenceKernels } from "../../src/kernels/index.js";
import { describeRbmKernels } from "./rbm-kernel-suite.js";

// sums in double precision: only their own rounding
describeRbmKernels(referenceKernels, 1e-14);
