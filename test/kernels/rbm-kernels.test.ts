import { afterAll } from "vitest";
import { referenceKernels } from "../../src/kernels/index.js";
import { describeRbmKernels } from "./rbm-kernel-suite.js";
import { sharingKernels } from "./threads.js";

const single = { sum: 1e-6, elementary: 3e-7 };
const wasm = await Promise.all([1, 2, 3].map(sharingKernels));
afterAll(() => {
  for (const kernels of wasm) kernels.close();
});

describeRbmKernels(referenceKernels, { sum: 1e-15, elementary: 1e-15 });
for (const kernels of wasm) describeRbmKernels(kernels, single);
