import type { TorusShape } from "../analysis/monte-carlo-rg/index.js";
import { DataError, UsageError } from "../errors/index.js";
import type { Environment } from "../experiment/environment.js";
import { type Lattice, parseLattice } from "../ising/lattice.js";
import { CRITICAL_COUPLING, isingModel } from "../ising/model.js";
import { sampleIsing } from "../ising/sample.js";
import type { BitMatrix } from "../kernels/bit-matrix.js";
import { seedKey } from "../random/index.js";
import { getPath, isFileSource, type RawConfig, resolveConfig, withPath } from "../runs/config/index.js";
import { readDataset } from "../runs/dataset-folder.js";
import { spreadTemperatures } from "./temperature-list.js";

/** Configurations to renormalise, made or read when their turn comes. */
export interface McrgSource {
  readonly name: string;
  /** Where it is known before. */
  readonly lattice: Lattice | null;
  load(environment: Environment): Promise<{ readonly rows: BitMatrix; readonly lattice: Lattice | null }>;
}

/** The sides of a torus; DataError for anything else. */
export function torusShape(name: string, lattice: Lattice | null): TorusShape {
  if (lattice?.kind !== "torus") {
    const found = lattice === null ? "has no known lattice" : `lies on a chain of ${lattice.sites} sites`;
    throw new DataError(`${name} ${found}; block spins need a torus (--lattice WIDTHxHEIGHT).`);
  }
  const [width, height] = lattice.shape;
  return [width, height];
}

/** The given files, or without any what the flags say is to be sampled. */
export function mcrgSources(
  data: readonly string[],
  config: RawConfig,
  seed: string | undefined,
): readonly McrgSource[] {
  if (data.length === 0) return sampledSources(config, seed);
  const { lattice, ...others } = (getPath(config, "sample") ?? {}) as { readonly lattice?: string };
  const contradicting = Object.keys(others);
  if (contradicting.length > 0) {
    throw new UsageError(
      `${data.join(", ")} hold configurations; they contradict the sampling flags for ${contradicting.join(", ")}.`,
    );
  }
  return data.map((path) => ({
    name: path,
    lattice: null,
    load: () => Promise.resolve(readDataset(path, lattice ?? null)),
  }));
}

/** Samples at the given temperatures, or at K_c. */
function sampledSources(config: RawConfig, seed = "1"): readonly McrgSource[] {
  const given = ["coupling", "temperature", "beta"].some(
    (name) => getPath(config, `sample.${name}`) !== undefined,
  );
  const full = given ? config : withPath(config, "sample.coupling", CRITICAL_COUPLING);
  return spreadTemperatures(full).map(({ config: point }) => {
    // No layer is trained here: the default one must not be too large for the lattice.
    const { data } = resolveConfig({ ...point, model: { hidden: [1] } }, "the options");
    if (isFileSource(data)) throw new TypeError("there is no data section here");
    const model = isingModel(parseLattice(data.lattice), data.coupling, data.field);
    const name = `${data.lattice}, K = ${Number(data.coupling.toPrecision(6))}`;
    return {
      name,
      lattice: model.lattice,
      async load({ kernels, progress }) {
        progress.start(`sampling ${name}`, data.samples);
        const key = seedKey(seed);
        const set = await sampleIsing(model, data, key, kernels, (done) => progress.update(done));
        progress.finish();
        return { rows: set.configurations, lattice: model.lattice };
      },
    };
  });
}
