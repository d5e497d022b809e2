import { ResourceError } from "../../errors/index.js";

const PAGE = 65536;

/** The most a 32-bit memory can have: 4 GiB. */
export const MAX_PAGES = 65536;

/** Every block starts on a cache line, and vector loads may read this far beyond its end. */
const ALIGNMENT = 64;

/** The first block starts here: what lies below is the module's own data (`staticEnd` in module.ts). */
export const FIRST = 4096;

interface Block {
  readonly start: number;
  readonly end: number;
}

/**
 * One shared WebAssembly memory and an allocator for it: first fit, free neighbours joined, grown when nothing fits.
 * Only the main thread allocates.
 */
export class SharedMemory {
  readonly memory: WebAssembly.Memory;
  readonly #buffers = new Set<ArrayBufferLike>();
  readonly #sizes = new Map<number, number>();
  #free: Block[];

  constructor() {
    this.memory = createMemory();
    this.#buffers.add(this.memory.buffer);
    this.#free = [{ start: FIRST, end: this.memory.buffer.byteLength }];
  }

  /** Address of `bytes` fresh bytes (not zeroed). */
  allocate(bytes: number): number {
    const size = Math.ceil((bytes + ALIGNMENT) / ALIGNMENT) * ALIGNMENT;
    let index = this.#free.findIndex(({ start, end }) => end - start >= size);
    if (index < 0) index = this.#grow(size);
    const { start, end } = this.#free[index];
    if (end - start === size) this.#free.splice(index, 1);
    else this.#free[index] = { start: start + size, end };
    this.#sizes.set(start, size);
    return start;
  }

  free(address: number): void {
    const size = this.#sizes.get(address);
    if (size === undefined) throw new RangeError(`address ${address} is not allocated`);
    this.#sizes.delete(address);
    this.#release({ start: address, end: address + size });
  }

  /** Whether a view lies in this memory. */
  owns(view: ArrayBufferView): boolean {
    return this.#buffers.has(view.buffer);
  }

  float32(address: number, length: number): Float32Array {
    return new Float32Array(this.memory.buffer, address, length);
  }

  float64(address: number, length: number): Float64Array {
    return new Float64Array(this.memory.buffer, address, length);
  }

  int32(address: number, length: number): Int32Array {
    return new Int32Array(this.memory.buffer, address, length);
  }

  bytes(address: number, length: number): Uint8Array {
    return new Uint8Array(this.memory.buffer, address, length);
  }

  words(address: number, length: number): Uint32Array {
    return new Uint32Array(this.memory.buffer, address, length);
  }

  /** Grow so that one more block of `size` bytes fits; returns the index of the free block that holds it. */
  #grow(size: number): number {
    const old = this.memory.buffer.byteLength;
    const last = this.#free.at(-1);
    const usable = last?.end === old ? old - last.start : 0;
    const pages = Math.ceil((size - usable) / PAGE);
    try {
      this.memory.grow(pages);
    } catch {
      throw new ResourceError(
        `the kernels need ${megabytes(size)} more memory than the ${megabytes(old)} they have, and cannot get it ` +
          `(a 32-bit memory ends at ${megabytes(MAX_PAGES * PAGE)}). Use a smaller model or batch, fewer samples, ` +
          `or --kernels reference.`,
      );
    }
    this.#buffers.add(this.memory.buffer);
    this.#release({ start: old, end: this.memory.buffer.byteLength });
    return this.#free.findIndex(({ start, end }) => end - start >= size);
  }

  /** Insert a free block in order of address and join it with its neighbours. */
  #release(block: Block): void {
    const joined: Block[] = [];
    for (const next of [...this.#free, block].sort((a, b) => a.start - b.start)) {
      const previous = joined.at(-1);
      if (previous?.end === next.start) joined[joined.length - 1] = { start: previous.start, end: next.end };
      else joined.push(next);
    }
    this.#free = joined;
  }
}

/** A shared memory must name the most it may ever have; where that much address space is refused, ask for less. */
function createMemory(): WebAssembly.Memory {
  for (let maximum = MAX_PAGES; ; maximum /= 2) {
    try {
      return new WebAssembly.Memory({ initial: 16, maximum, shared: true });
    } catch (error) {
      if (maximum > 1024) continue;
      throw new ResourceError(
        `this machine refuses shared WebAssembly memory, even ${megabytes(maximum * PAGE)}: ` +
          `${error instanceof Error ? error.message : String(error)}. Use --kernels reference.`,
      );
    }
  }
}

function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / 2 ** 20)} MiB`;
}
