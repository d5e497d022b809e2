import { setTimeout } from "node:timers/promises";
import type { Kernels } from "../../src/kernels/index.js";
import { SharedArena } from "../../src/kernels/wasm/arena.js";
import { WasmEnumerationKernels } from "../../src/kernels/wasm/enumeration.js";
import { WasmLatticeKernels } from "../../src/kernels/wasm/lattice.js";
import { SharedMemory } from "../../src/kernels/wasm/memory.js";
import { ThreadPool } from "../../src/kernels/wasm/pool.js";
import { WasmRbmKernels } from "../../src/kernels/wasm/rbm.js";

/** WebAssembly kernels whose helpers are up and share every job, however small. */
export async function sharingKernels(threads: number): Promise<Kernels> {
  const memory = new SharedMemory();
  const pool = new ThreadPool(memory, threads, 0);
  if (threads > 1) while (!pool.helpersReady()) await setTimeout(5);
  return {
    name: "wasm",
    threads,
    rbm: new WasmRbmKernels(memory, pool),
    lattice: new WasmLatticeKernels(memory, pool),
    enumeration: new WasmEnumerationKernels(memory, pool),
    arena: () => new SharedArena(memory),
    close: () => {
      pool.close();
    },
  };
}
