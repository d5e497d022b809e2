import { cos, log, sin } from "../kernels/elementary.js";
import type { SeedKey } from "./key.js";
import { RandomStream } from "./stream.js";

/** Fill `out` with independent standard normal numbers (Box–Muller) from the stream of `key`. */
export function fillStandardNormal(key: SeedKey, out: Float32Array | Float64Array): void {
  const stream = new RandomStream(key);
  for (let i = 0; i < out.length; i += 2) {
    const radius = Math.sqrt(-2 * log(stream.nextUniform()));
    const angle = 2 * Math.PI * stream.nextUniform();
    out[i] = radius * cos(angle);
    if (i + 1 < out.length) out[i + 1] = radius * sin(angle);
  }
}
