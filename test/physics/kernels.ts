import { kernelChoices, openKernels } from "../../src/kernels/index.js";

/**
 * What the physics is tested on: WebAssembly, or what RBM_RG_TEST_KERNELS names. One thread, as the number of threads
 * changes no result.
 */
const named = process.env["RBM_RG_TEST_KERNELS"] ?? "wasm";
const choice = kernelChoices.find((known) => known === named);
if (choice === undefined) throw new Error(`RBM_RG_TEST_KERNELS=${named}: one of ${kernelChoices.join(", ")}`);

export const kernels = openKernels(choice, 1);
