import { binder } from "./binder.js";
import { inverseOnsager } from "./inverse-onsager.js";
import { absMagnetization } from "./magnetization.js";
import { pseudoLikelihoodCouplings } from "./pseudo-likelihood.js";
import type { Thermometer } from "./thermometer.js";

/** Every thermometer by name, from the most local to the most global. A new one is its file and a line here. */
export const thermometers = {
  "pseudo-likelihood": {
    description: "K from the probability of a spin given its nearest neighbours",
    coupling: (averages, _, near = 0) => pseudoLikelihoodCouplings(averages, 1, [near])[0],
  },
  "three-couplings": {
    description: "the same K where diagonal neighbours and plaquettes may also couple",
    coupling: (averages, _, near = 0) => pseudoLikelihoodCouplings(averages, 3, [near])[0],
  },
  "inverse-onsager": {
    description: "K from the energy, exact on the same torus",
    coupling: (averages, _, near) => inverseOnsager(averages, near),
  },
  "abs-magnetization": absMagnetization,
  binder,
} as const satisfies Readonly<Record<string, Thermometer>>;

/** The name of a thermometer in the table. */
export type ThermometerName = keyof typeof thermometers;

export const thermometerNames = Object.keys(thermometers) as readonly ThermometerName[];
