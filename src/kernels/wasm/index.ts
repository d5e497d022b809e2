import type { Kernels } from "../interface.js";
import { SharedArena } from "./arena.js";
import { WasmLatticeKernels } from "./lattice.js";
import { WasmEnumerationKernels } from "./enumeration.js";
import { SharedMemory } from "./memory.js";
import { ThreadPool } from "./pool.js";
import { WasmRbmKernels } from "./rbm.js";

export { wasmObstacle } from "./module.js";

/** The kernels on WebAssembly SIMD, the work shared among `threads` threads. The results do not depend on `threads`. */
export function wasmKernels(threads: number): Kernels {
  const memory = new SharedMemory();
  return kernelsOn(memory, new ThreadPool(memory, threads));
}

/** The same on a memory and a pool that are there already. */
export function kernelsOn(memory: SharedMemory, pool: ThreadPool): Kernels {
  return {
    name: "wasm",
    threads: pool.threads,
    rbm: new WasmRbmKernels(memory, pool),
    lattice: new WasmLatticeKernels(memory, pool),
    enumeration: new WasmEnumerationKernels(memory, pool),
    arena: () => new SharedArena(memory),
    close: () => {
      pool.close();
    },
  };
}
