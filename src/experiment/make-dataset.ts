import { exactReference } from "../ising/exact/index.js";
import { parseLattice } from "../ising/lattice.js";
import { measure } from "../ising/measurements.js";
import { isingModel } from "../ising/model.js";
import { chainAgreement, estimateObservables } from "../ising/observables.js";
import { sampleIsing, type SampleSet } from "../ising/sample.js";
import { seedKey } from "../random/index.js";
import {
  compareWithExact,
  type Dataset,
  type ObservableRow,
  type SampleSource,
  VERSION,
  writeDataset,
} from "../runs/index.js";
import type { Provenance } from "../runs/provenance.js";
import type { Environment } from "./environment.js";
import { observeRun } from "./observe.js";

/** Above this split-R̂ the chains have visibly not met. */
const RHAT_LIMIT = 1.1;

/** With fewer samples per chain split-R̂ exceeds its limit by chance. */
const RHAT_ROUNDS = 50;

/** A dataset on disk and what was measured on it. */
export interface MadeDataset {
  readonly dataset: Dataset;
  readonly set: SampleSet;
  readonly observables: readonly ObservableRow[];
}

/** A dataset that stands alone: its manifest says where it comes from, and the environment's events are told of it. */
export async function sampleDataset(
  source: SampleSource,
  seed: string,
  path: string,
  environment: Environment,
  options: { readonly replace: boolean },
): Promise<MadeDataset> {
  const sample = async (observed: Environment): Promise<MadeDataset> => {
    const { events, seconds, provenance } = observed;
    events?.({ event: "run-started", run: path, kind: "dataset", version: VERSION, resumed: false });
    events?.({ event: "phase-started", run: path, phase: "sampling" });
    const start = seconds();
    const origin = provenance === undefined ? {} : { provenance: provenance() };
    const made = await makeDataset(source, seed, path, observed, { ...options, ...origin });
    const duration = Number((seconds() - start).toFixed(3));
    events?.({ event: "phase-finished", run: path, phase: "sampling", seconds: duration });
    return made;
  };
  return observeRun(path, environment, sample, () => "finished");
}

/**
 * Sample an Ising model, measure its observables, and write the dataset folder, whose parent must exist: the same bytes every time, but for the
 * provenance, if any is to be written down.
 */
export async function makeDataset(
  source: SampleSource,
  seed: string,
  path: string,
  environment: Environment,
  options: { readonly replace: boolean; readonly provenance?: Provenance },
): Promise<MadeDataset> {
  const { progress, kernels } = environment;
  const model = isingModel(parseLattice(source.lattice), source.coupling, source.field);
  progress.start(`sampling ${source.lattice}, K = ${Number(source.coupling.toPrecision(6))}`, source.samples);
  const set = await sampleIsing(model, source, seedKey(seed), kernels, (done) => progress.update(done));
  progress.finish();
  const { observables, splitRhat } = observe(set);
  if (splitRhat !== null && splitRhat > RHAT_LIMIT) {
    progress.note(
      `warning: the chains disagree (split-R̂ = ${splitRhat.toFixed(3)} > ${RHAT_LIMIT}): not in equilibrium. ` +
        `Raise thermalization (now ${set.thermalization})${set.algorithm === "wolff" ? "" : ", or use algorithm wolff"}.`,
    );
  }
  const { replace, provenance = null } = options;
  const dataset = writeDataset(path, { set, seed, observables, splitRhat, provenance }, { replace });
  return { dataset, set, observables };
}

/** Observables beside their exact values; with a single sample there is nothing to estimate an error from. */
function observe(set: SampleSet): { observables: readonly ObservableRow[]; splitRhat: number | null } {
  const rounds = Math.floor(set.configurations.rows / set.chains);
  if (rounds * set.chains < 2) return { observables: [], splitRhat: null };
  const measurements = measure(set.model, set.configurations, set.chains);
  return {
    observables: compareWithExact(estimateObservables(set.model, measurements), exactReference(set.model)),
    splitRhat: rounds < RHAT_ROUNDS ? null : chainAgreement(measurements),
  };
}
