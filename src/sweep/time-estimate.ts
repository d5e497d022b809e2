import { parseLattice } from "../ising/lattice.js";
import { isingModel, type IsingModel } from "../ising/model.js";
import { chooseSampler } from "../ising/samplers/index.js";
import {
  CLUSTER_THERMALIZATION,
  defaultSweepSpacing,
  defaultSweepThermalization,
} from "../ising/schedule.js";
import { MAX_EXACT_UNITS } from "../rbm/estimators/index.js";
import { type ExperimentConfig, isFileSource, type SampleSource } from "../runs/index.js";

/**
 * Seconds of one thread of a 2020s processor with the WebAssembly kernels, fitted to seven runs of one to six seconds. The
 * start of the program, the tables and the pictures; each site of a stored configuration (writing and measuring
 * included); each spin update; each row of a batch; each multiplication in training; each state × unit of an
 * enumeration; each weight in a picture and a table.
 */
const START = 0.9;
const STORED_SITE = 8e-8;
const SPIN_UPDATE = 1e-8;
const ROW = 3.5e-6;
const MULTIPLICATION = 8.5e-11;
const ENUMERATED = 5e-9;
const REPORTED_WEIGHT = 2.3e-6;

/** Estimates how long tasks take, in seconds; what tasks have in common is computed once. */
export class TimeEstimator {
  readonly #lattices = new Map<string, IsingModel["lattice"]>();
  readonly #sampling = new Map<string, number>();

  /**
   * A rough estimate: a sum of counted operations times fixed costs. It is for planning, right within a factor of about
   * three; other machines, several tasks at a time and disks make more difference than the model.
   */
  estimate(config: ExperimentConfig, size: { readonly rows: number; readonly columns: number }): number {
    const sampling = isFileSource(config.data) ? 0 : this.#samplingSeconds(config.data);
    return START + sampling + trainingSeconds(config, size.rows, size.columns);
  }

  /** The number of sites of a lattice. */
  sites(name: string): number {
    return this.#lattice(name).sites;
  }

  #lattice(name: string): IsingModel["lattice"] {
    const lattice = this.#lattices.get(name) ?? parseLattice(name);
    this.#lattices.set(name, lattice);
    return lattice;
  }

  #samplingSeconds(source: SampleSource): number {
    const key = JSON.stringify(source);
    const known = this.#sampling.get(key);
    if (known !== undefined) return known;
    const model = isingModel(this.#lattice(source.lattice), source.coupling, source.field);
    const sampler = chooseSampler(source.algorithm, model);
    const cluster = sampler.name === "wolff";
    const given = (value: number | "auto", automatic: () => number): number =>
      value === "auto" ? automatic() : value;
    const spacing = given(source.spacing, () => (cluster ? 1 : defaultSweepSpacing(model, sampler)));
    const thermalization = given(source.thermalization, () =>
      cluster ? CLUSTER_THERMALIZATION : defaultSweepThermalization(model, sampler),
    );
    const chains = Math.min(source.chains, source.samples);
    const updates = model.lattice.sites * (chains * thermalization + source.samples * spacing);
    const seconds = SPIN_UPDATE * updates + STORED_SITE * model.lattice.sites * source.samples;
    this.#sampling.set(key, seconds);
    return seconds;
  }
}

function trainingSeconds({ training: t, hidden }: ExperimentConfig, rows: number, columns: number): number {
  const sizes = [columns, ...hidden];
  return hidden.reduce((sum, units, index) => {
    const visible = sizes[index];
    const [smaller, larger] = [Math.min(visible, units), Math.max(visible, units)];
    const passes = rows * t.epochs;
    // Hidden means of the data, two correlations, and down and up again in every Gibbs step.
    const multiplications = passes * visible * units * (3 + 2 * t.steps);
    const enumerations = t.estimator === "exact" ? Math.ceil(passes / t.batchSize) : 0;
    const exactData = visible <= MAX_EXACT_UNITS && index === 0 ? 2 ** visible * units : 0;
    return (
      sum +
      ROW * passes +
      MULTIPLICATION * multiplications +
      ENUMERATED * enumerations * (2 ** Math.min(smaller, MAX_EXACT_UNITS) * larger + exactData) +
      REPORTED_WEIGHT * columns * units
    );
  }, 0);
}
