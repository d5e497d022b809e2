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
  "heat-bath": heatBath,
  wolff,
  "swendsen-wang": swendsenWang,
} as const satisfies Record<string, Sampler>;

export type SamplerName = keyof typeof samplers;

/** What a user may ask for; `auto` is Wolff without a field and heat bath with one. */
export const algorithmNames = ["auto", ...(Object.keys(samplers) as SamplerName[])] as const;

export type AlgorithmName = (typeof algorithmNames)[number];

/** The sampler to use for a model. Throws DomainError where the algorithm cannot sample it. */
export function chooseSampler(name: AlgorithmName, model: IsingModel): Sampler {
  if (name === "auto") return model.field === 0 ? wolff : heatBath;
  const sampler = samplers[name];
  if (model.field !== 0 && !sampler.allowsField) {
    throw new DomainError(
      `algorithm ${name} samples zero field only, and field B = ${model.field}. Use heat-bath, metropolis or auto.`,
    );
  }
  return sampler;
}
