import { DomainError } from "../../errors/index.js";
import type { IsingModel } from "../model.js";
import { heatBath } from "./heat-bath.js";
import { metropolis } from "./metropolis.js";
import type { Sampler } from "./sampler.js";
import { swendsenWang } from "./swendsen-wang.js";
import { wolff } from "./wolff.js";

export type { Sampler } from "./sampler.js";

/** Every sampler. A new one is its file and its line here. */
export const samplers = {
  metropolis,
  /** Heat bath (Glauber): draw each spin from its conditional 1/(1 + e^{ΔH}), sites in order. */
  "heat-bath": heatBath,
  wolff,
  /** Swendsen & Wang 1987: draw all bonds with 1 − e^{−2K} and flip every cluster with probability ½. */
  "swendsen-wang": swendsenWang,
} as const satisfies Record<string, Sampler>;

/** The name of a sampler in the table. */
export type SamplerName = keyof typeof samplers;

/** Below this coupling clusters are hardly more than single spins, which heat bath updates faster and in parallel. */
const WEAK_COUPLING = 0.1;

/** What a user may ask for; `auto` is heat bath in a field or at K < 0.1, else Wolff. */
export const algorithmNames = ["auto", ...(Object.keys(samplers) as SamplerName[])] as const;

/** The name of a sampler, or `auto`: heat bath in a field or at K < 0.1, else Wolff. */
export type AlgorithmName = (typeof algorithmNames)[number];

/** The sampler to use for a model. Throws DomainError where the algorithm cannot sample it. */
export function chooseSampler(name: AlgorithmName, model: IsingModel): Sampler {
  if (name === "auto") return model.field === 0 && model.coupling >= WEAK_COUPLING ? wolff : heatBath;
  const sampler: Sampler = samplers[name];
  if (model.coupling === 0 && model.field === 0 && !sampler.freeAtZeroCoupling) {
    throw new DomainError(
      `algorithm ${name} at K = 0 flips one spin after another without fail, so the parity of the up spins never becomes ` +
        `random. Use heat-bath, swendsen-wang or auto.`,
    );
  }
  if (model.field !== 0 && !sampler.allowsField) {
    throw new DomainError(
      `algorithm ${name} samples zero field only, and field B = ${model.field}. Use heat-bath, metropolis or auto.`,
    );
  }
  return sampler;
}
