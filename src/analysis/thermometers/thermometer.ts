import type { MagnetizationReference } from "./magnetization-reference.js";
import type { SpinAverages } from "./spin-averages.js";

/** A way to tell the reduced coupling K = 1/T of spin configurations, as if they were those of an Ising model without field. */
export interface Thermometer {
  readonly description: string;
  /**
   * The K at which the Ising model on the same torus has these averages: Infinity at zero temperature, NaN where there is none
   * or without the reference it needs. `near` is where it can be expected, which saves time and changes nothing.
   */
  readonly coupling: (
    averages: SpinAverages,
    reference: MagnetizationReference | null,
    near?: number,
  ) => number;
  /** One standard deviation of that from the reference alone; absent where none is used. */
  readonly referenceError?: (coupling: number, reference: MagnetizationReference | null) => number;
}
