import { log } from "../../../kernels/elementary.js";
import { RandomStream, type SeedKey } from "../../../random/index.js";
import { type Observations, realObservations } from "../observations.js";

/**
 * Rows of data, each times its own √w, w exponentially distributed with mean 1, as a volatility that all units share. The
 * covariance stays what it was, and the fourth moment doubles through any modes, as ⟨w²⟩ = 2⟨w⟩²: of Gaussian data it is 6 at
 * every fraction of modes, a plateau without any interaction.
 */
export function commonAmplitude(data: Observations, key: SeedKey): Observations {
  const { rows, columns } = data;
  const stream = new RandomStream(key);
  const out = new Float64Array(rows * columns);
  data.forEachBlock((values, count, first) => {
    for (let row = 0; row < count; row++) {
      const amplitude = Math.sqrt(-log(stream.nextUniform()));
      for (let i = 0; i < columns; i++) {
        out[(first + row) * columns + i] = amplitude * values[row * columns + i];
      }
    }
  });
  return realObservations(out, rows, columns);
}
