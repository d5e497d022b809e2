import { type BitMatrix, setBit } from "../../kernels/index.js";
import { deriveKey, RandomStream, type SeedKey } from "../../random/index.js";
import { infiniteTemperature } from "./infinite-temperature.js";

/**
 * As many configurations, of T = 0 and of T = ∞ in turn: even rows are all up or all down, a fair coin each (from the stream
 * (key, control)), odd ones independent fair spins. No row is of a temperature between, so a flow that ends at T_c has not
 * learned it from the data.
 */
export function zeroOrInfiniteTemperature(rows: BitMatrix, key: SeedKey): BitMatrix {
  const out = infiniteTemperature(rows, key);
  const stream = new RandomStream(deriveKey(key, "control"));
  for (let row = 0; row < out.rows; row += 2) {
    const up = stream.nextInteger(2) === 1 ? 1 : 0;
    for (let i = 0; i < out.columns; i++) setBit(out, row, i, up);
  }
  return out;
}
