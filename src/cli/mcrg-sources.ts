import type { DataControlName } from "../analysis/controls/index.js";
import { isCritical, type TorusShape } from "../analysis/monte-carlo-rg/index.js";
import { DataError, UsageError } from "../errors/index.js";
import type { Environment } from "../experiment/environment.js";
import { type Lattice, latticeName, parseLattice } from "../ising/lattice.js";
import { CRITICAL_COUPLING, isingModel } from "../ising/model.js";
import { type SampleSet, sampleIsing } from "../ising/sample.js";
import type { BitMatrix } from "../kernels/bit-matrix.js";
import { seedKey, type SeedKey } from "../random/index.js";
import { getPath, isFileSource, type RawConfig, resolveConfig, withPath } from "../runs/config/index.js";
import { readDataset } from "../runs/dataset-folder.js";
import { controlledRows } from "../runs/dataset-control.js";
import { significant } from "../statistics/number-text.js";
import { spreadTemperatures } from "./temperature-list.js";

/** Configurations to renormalise, made or read when their turn comes. */
export interface McrgSource {
  readonly name: string;
  /** Where it is known before. */
  readonly lattice: Lattice | null;
  load(environment: Environment): Promise<McrgData>;
}

/** Configurations and where they come from. */
export interface McrgData {
  readonly rows: BitMatrix;
  readonly lattice: Lattice | null;
  /** Known to be of the Ising model without field at K_c. */
  readonly critical: boolean;
  /** Of what was read; null of what was sampled. */
  readonly sha256: string | null;
  /** How they were sampled, every choice made; null of what was read. */
  readonly sampling: Readonly<Record<string, string | number>> | null;
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
    load: () => Promise.resolve(readData(path, lattice ?? null)),
  }));
}

function readData(path: string, given: string | null): McrgData {
  const { rows, lattice, model, sha256 } = readDataset(path, given);
  return { rows, lattice, sha256, critical: model !== null && isCritical(model), sampling: null };
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
    const field = data.field === 0 ? "" : `, B = ${significant(data.field, 6)}`;
    const control = data.control === undefined ? "" : `, ${data.control}`;
    const name = `${data.lattice}, K = ${significant(data.coupling, 6)}${field}${control}`;
    return {
      name,
      lattice: model.lattice,
      async load({ kernels, progress }) {
        progress.start(`sampling ${name}`, data.samples);
        const key = seedKey(seed);
        const set = await sampleIsing(model, data, key, kernels, (done) => progress.update(done));
        progress.finish();
        return { ...sampledData(set, data.control, key), lattice: model.lattice, sha256: null };
      },
    };
  });
}

/** The samples, those of a control in their place, and how they were made. */
function sampledData(
  { model, configurations, ...made }: SampleSet,
  control: DataControlName | undefined,
  key: SeedKey,
): Pick<McrgData, "rows" | "critical" | "sampling"> {
  const { lattice, coupling, field } = model;
  const { chains, algorithm, thermalization, spacing, start } = made;
  const sampling = {
    ...{ lattice: latticeName(lattice), coupling, field, samples: configurations.rows },
    ...{ algorithm, chains, thermalization, spacing, start },
  };
  if (control === undefined) return { rows: configurations, critical: isCritical(model), sampling };
  const rows = controlledRows({ name: control, source: model }, configurations, key);
  return { rows, critical: false, sampling: { ...sampling, control } };
}
