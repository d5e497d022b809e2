import type { Arena } from "../interface.js";
import type { SharedMemory } from "./memory.js";

/** Blocks of the shared memory that are given back together. */
export class SharedArena implements Arena {
  #addresses: number[] = [];

  constructor(private readonly memory: SharedMemory) {}

  float32(length: number): Float32Array {
    return this.memory.float32(this.#allocate(4 * length), length).fill(0);
  }

  float64(length: number): Float64Array {
    return this.memory.float64(this.#allocate(8 * length), length).fill(0);
  }

  words(length: number): Uint32Array {
    return this.memory.words(this.#allocate(4 * length), length).fill(0);
  }

  release(): void {
    for (const address of this.#addresses) this.memory.free(address);
    this.#addresses = [];
  }

  #allocate(bytes: number): number {
    const address = this.memory.allocate(bytes);
    this.#addresses.push(address);
    return address;
  }
}
