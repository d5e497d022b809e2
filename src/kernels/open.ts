import { availableParallelism } from "node:os";
import { ResourceError } from "../errors/index.js";
import type { Kernels } from "./interface.js";
import { referenceKernels } from "./reference/index.js";
import { wasmKernels, wasmObstacle } from "./wasm/index.js";

/** Which implementation of the hot loops: `auto` takes WebAssembly where it can run. */
export const kernelChoices = ["auto", "wasm", "reference"] as const;

/** The name of an implementation of the kernels, or `auto`. */
export type KernelChoice = (typeof kernelChoices)[number];

/** More threads than this are used only if asked for. */
const MAX_AUTO_THREADS = 8;

/** Threads for `auto`: one a processor, at most 8. */
export function autoThreads(): number {
  return Math.min(availableParallelism(), MAX_AUTO_THREADS);
}

/**
 * The kernels to use; the caller closes them. Which ones and how many threads changes the time, and between `wasm` and
 * `reference` the last digits of sums; the number of threads changes no bit. Throws ResourceError if `wasm` cannot run.
 *
 * @param choice which implementation; `auto`: `wasm` where it can run, else `reference`
 * @param threads threads of `wasm`; `auto`: one a processor, at most 8
 */
export function openKernels(choice: KernelChoice = "auto", threads: number | "auto" = "auto"): Kernels {
  if (choice === "reference") return referenceKernels;
  const obstacle = wasmObstacle();
  if (obstacle !== null) {
    if (choice === "auto") return referenceKernels;
    throw new ResourceError(`--kernels wasm: ${obstacle}. Use --kernels reference.`);
  }
  try {
    return wasmKernels(threads === "auto" ? autoThreads() : threads);
  } catch (error) {
    if (choice === "auto" && error instanceof ResourceError) return referenceKernels;
    throw error;
  }
}
