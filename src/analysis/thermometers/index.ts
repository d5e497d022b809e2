export { type MagnetizationReference, sampleReference } from "./magnetization-reference.js";
export { pseudoLikelihoodCouplings } from "./pseudo-likelihood.js";
export type { Measured } from "../../statistics/index.js";
export { readThermometers, type Replicates, type SpinState, type ThermometerReading } from "./readings.js";
export { ReferenceCurve, type ReferencePoints } from "./reference-curve.js";
export { difference, type Residual, type ResidualTest } from "./residual-test.js";
export { type GroupedAverages, measureSpins, type SpinAverages } from "./spin-averages.js";
export type { Thermometer } from "./thermometer.js";
export { type ThermometerName, thermometerNames, thermometers } from "./thermometers.js";
