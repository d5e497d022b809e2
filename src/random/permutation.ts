import type { SeedKey } from "./key.js";
import { RandomStream } from "./stream.js";

/** Uniform random permutation of `values`, in place (Fisher–Yates) from the stream of `key`. */
export function shuffle(key: SeedKey, values: Uint32Array): void {
  const stream = new RandomStream(key);
  for (let i = values.length - 1; i > 0; i--) {
    const j = stream.nextInteger(i + 1);
    const held = values[i];
    values[i] = values[j]!;
    values[j] = held;
  }
}
