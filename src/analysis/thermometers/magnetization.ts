import type { Thermometer } from "./thermometer.js";

/** ⟨|m|⟩ against that of the Ising model on the same torus, which is sampled. */
export const absMagnetization: Thermometer = {
  description: "mean |m| beside samples of the Ising model on the same torus",
  coupling: (averages, reference) => reference?.absMagnetization.coupling(averages.absMagnetization) ?? NaN,
  referenceError: (coupling, reference) => reference?.absMagnetization.error(coupling) ?? NaN,
};
