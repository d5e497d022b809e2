import { type BitMatrix, countUp, type UnitType } from "../kernels/index.js";

/** Mean unit of some samples, in the model's own units, and the fraction of them with more than half the units up. */
export interface SampleMagnetization {
  readonly magnetizationModel: number;
  /** Ties count as one half. */
  readonly positiveFraction: number;
}

export function sampleMagnetization(units: UnitType, samples: BitMatrix): SampleMagnetization {
  let [total, positive] = [0, 0];
  for (let row = 0; row < samples.rows; row++) {
    const up = countUp(samples, row);
    total += up / samples.columns;
    positive += 2 * up > samples.columns ? 1 : 2 * up === samples.columns ? 0.5 : 0;
  }
  const fraction = total / samples.rows;
  return {
    magnetizationModel: units === "spin" ? 2 * fraction - 1 : fraction,
    positiveFraction: positive / samples.rows,
  };
}
