import { logistic } from "../../../kernels/elementary.js";
import { packBits } from "../../../kernels/index.js";
import { deriveKey, fillStandardNormal, RandomStream, type SeedKey } from "../../../random/index.js";
import { bitObservations, type Observations } from "../observations.js";

/** Inputs of the most silent and of the most active cell, and how strongly all of them follow the common drive. */
export const population = { silent: -5, active: -2, drive: 1 } as const;

/**
 * Cells that are mostly silent and do not interact, but see one common drive z ~ N(0, 1) (as in Schwab, Nemenman & Mehta, Phys.
 * Rev. Lett. 113, 068102 (2014)): cell i fires (+1, else −1) with probability 1/(1 + e^{−(b_i + z)}), b_i evenly spaced. Of a
 * cell that fires a share p of the time the fourth moment is 1/(p(1 − p)) − 3.
 */
export function neuralPopulation(rows: number, cells: number, key: SeedKey): Observations {
  const drives = new Float64Array(rows);
  fillStandardNormal(deriveKey(key, "analysis", 0), drives);
  const stream = new RandomStream(deriveKey(key, "analysis", 1));
  const values = Float64Array.from({ length: rows * cells }, (_, k) => {
    const input = cellInput(k % cells, cells) + population.drive * drives[Math.floor(k / cells)];
    return stream.nextUniform() < logistic(input) ? 1 : -1;
  });
  return bitObservations(packBits(values, rows, cells));
}

/** b_i of one of so many cells. */
export function cellInput(cell: number, cells: number): number {
  const { silent, active } = population;
  return silent + ((active - silent) * (cell + 0.5)) / cells;
}
