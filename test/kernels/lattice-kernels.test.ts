import { afterAll } from "vitest";
import { describeLatticeKernels } from "./lattice-kernel-suite.js";
import { sharingKernels } from "./threads.js";

const implementations = await Promise.all([1, 2, 3].map(sharingKernels));
afterAll(() => {
  for (const kernels of implementations) kernels.close();
});

for (const kernels of implementations) describeLatticeKernels(kernels);
