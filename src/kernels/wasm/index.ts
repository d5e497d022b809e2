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
  const pool = new ThreadPool(memory, threads);
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
