import type { Thermometer } from "./thermometer.js";

/** 1 − ⟨m⁴⟩/3⟨m²⟩² against that of the Ising model on the same torus, which is sampled. */
export const binder: Thermometer = {
  description: "Binder cumulant beside samples of the Ising model on the same torus",
  coupling({ squareMagnetization, fourthMagnetization }, reference) {
    const cumulant = 1 - fourthMagnetization / (3 * squareMagnetization * squareMagnetization);
    return reference?.binder.coupling(cumulant) ?? NaN;
  },
  referenceError: (coupling, reference) => reference?.binder.error(coupling) ?? NaN,
};
