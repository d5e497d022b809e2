import { setTimeout } from "node:timers/promises";
import type { Kernels } from "../../src/kernels/index.js";
import { kernelsOn } from "../../src/kernels/wasm/index.js";
import { SharedMemory } from "../../src/kernels/wasm/memory.js";
import { ThreadPool } from "../../src/kernels/wasm/pool.js";

/** WebAssembly kernels whose helpers are up and share every job, however small. */
export async function sharingKernels(threads: number): Promise<Kernels> {
  const memory = new SharedMemory();
  const pool = new ThreadPool(memory, threads, 0);
  if (threads > 1) while (!pool.helpersReady()) await setTimeout(5);
  return kernelsOn(memory, pool);
}
