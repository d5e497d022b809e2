import type { SharedMemory } from "./memory.js";

type View = Float32Array | Float64Array | Uint32Array;

/**
 * The arguments of one kernel call as addresses. Arrays in the shared memory are used where they are; others are copied
 * in, and back if they are written to.
 */
export class Staging {
  readonly #temporary: number[] = [];
  readonly #results: { readonly address: number; readonly target: View }[] = [];

  constructor(private readonly memory: SharedMemory) {}

  /** Address of an array that is only read; 0 if there is none. */
  read(view: View | undefined): number {
    if (view === undefined) return 0;
    if (this.memory.owns(view)) return view.byteOffset;
    const address = this.scratch(view.byteLength);
    this.#alias(address, view).set(view);
    return address;
  }

  /** Address of an array that is read and written, or only written; 0 if there is none. */
  update(view: View | undefined): number {
    const address = this.read(view);
    if (view !== undefined && !this.memory.owns(view)) this.#results.push({ address, target: view });
    return address;
  }

  /** Address of memory for this call only. */
  scratch(bytes: number): number {
    const address = this.memory.allocate(bytes);
    this.#temporary.push(address);
    return address;
  }

  /** Copy the results out and free what was borrowed. */
  finish(): void {
    for (const { address, target } of this.#results) target.set(this.#alias(address, target));
    for (const address of this.#temporary) this.memory.free(address);
  }

  #alias(address: number, like: View): View {
    if (like instanceof Float32Array) return this.memory.float32(address, like.length);
    if (like instanceof Float64Array) return this.memory.float64(address, like.length);
    return this.memory.words(address, like.length);
  }
}
