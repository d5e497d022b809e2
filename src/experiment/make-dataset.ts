import { exactReference } from "../ising/exact/index.js";
import { parseLattice } from "../ising/lattice.js";
import { measure, type Measurements } from "../ising/measurements.js";
import { isingModel } from "../ising/model.js";
import { chainAgreement, estimateObservables } from "../ising/observables.js";
import { sampleIsing, type SampleSet, type SamplingProgress } from "../ising/sample.js";
import { seedKey } from "../random/index.js";
import {
  compareWithExact,
  controlledModel,
  controlledRows,
  type Dataset,
  type ObservableRow,
  type SampleSource,
  VERSION,
  writeDataset,
} from "../runs/index.js";
import type { DatasetOrigin } from "../runs/dataset-folder.js";
import { SamplingCheckpoint, samplingIdentity, siblingCheckpoint } from "../runs/sampling-checkpoint.js";
import { type Environment, interruption } from "./environment.js";
import { observeRun } from "./observe.js";

/** Above this split-R̂ the chains have visibly not met. */
const RHAT_LIMIT = 1.1;

/** With fewer samples per chain split-R̂ exceeds its limit by chance. */
const RHAT_ROUNDS = 50;

/** Seconds between checkpoints where only a number of epochs is asked for. */
const DEFAULT_INTERVAL = 300;

/** A dataset on disk and what was measured on it. */
export interface MadeDataset {
  readonly dataset: Dataset;
  readonly set: SampleSet;
  readonly observables: readonly ObservableRow[];
}

/** How a dataset is put on disk. */
export interface MakingOptions {
  /** Whether a folder that is there is replaced. */
  readonly replace: boolean;
  /** The file from which sampling goes on after it was stopped; by default beside the folder. */
  readonly checkpoint?: string;
  /** What the manifest is to say of it if it stands alone. */
  readonly origin?: DatasetOrigin;
  /** Throws if nothing may be written any more. */
  readonly beforeWriting?: () => void;
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
    const origin = { identity: samplingIdentity(source, seed), provenance: provenance?.() ?? null };
    const made = await makeDataset(source, seed, path, observed, { ...options, origin });
    const duration = Number((seconds() - start).toFixed(3));
    events?.({ event: "phase-finished", run: path, phase: "sampling", seconds: duration });
    return made;
  };
  return observeRun(path, environment, sample, () => "finished");
}

/**
 * Sample an Ising model, measure its observables, and write the dataset folder, whose parent must exist: the same bytes
 * every time, but for the provenance. InterruptedRun if the environment asks for the end.
 */
export async function makeDataset(
  source: SampleSource,
  seed: string,
  path: string,
  environment: Environment,
  options: MakingOptions,
): Promise<MadeDataset> {
  const { progress } = environment;
  const { replace, checkpoint: file = siblingCheckpoint(path), origin = null, beforeWriting } = options;
  const checkpoint = new SamplingCheckpoint(file, source, seed, beforeWriting);
  const drawn = await drawSamples(source, seed, path, checkpoint, environment);
  const measured = measureSet(drawn);
  const splitRhat = agreement(drawn, measured);
  if (splitRhat !== null && splitRhat > RHAT_LIMIT) {
    progress.note(
      `warning: the chains disagree (split-R̂ = ${splitRhat.toFixed(3)} > ${RHAT_LIMIT}): not in equilibrium. ` +
        `Raise thermalization (now ${drawn.thermalization})${drawn.algorithm === "wolff" ? "" : ", or use algorithm wolff"}.`,
    );
  }
  beforeWriting?.();
  const set = underControl(drawn, source, seed);
  const observables = observablesOf(set, set === drawn ? measured : measureSet(set), source);
  const control = source.control === undefined ? {} : { control: source.control };
  const dataset = writeDataset(path, { set, ...control, seed, observables, splitRhat, origin }, { replace });
  checkpoint.remove();
  return { dataset, set, observables };
}

/** Sample, from the beginning or from a checkpoint, and leave a checkpoint as often as the environment says, and at a stop. */
async function drawSamples(
  source: SampleSource,
  seed: string,
  path: string,
  checkpoint: SamplingCheckpoint,
  environment: Environment,
): Promise<SampleSet> {
  const { progress, kernels, checkpointEvery, seconds } = environment;
  const found = checkpoint.read();
  if (typeof found === "string") progress.note(`warning: ${found} Sampling begins again.`);
  const from = typeof found === "string" ? null : found;
  if (from !== null) progress.note(`${path} continues at sample ${from.rows} of ${source.samples}.`);
  const interval = "seconds" in checkpointEvery ? checkpointEvery.seconds : DEFAULT_INTERVAL;
  let last = seconds();
  progress.start(
    `sampling ${source.lattice}, K = ${Number(source.coupling.toPrecision(6))}`,
    source.samples,
    from?.rows,
  );
  const onProgress: SamplingProgress = async (done, total, capture) => {
    await progress.update(done);
    const stop = environment.stopRequested();
    if (stop === null && seconds() - last < interval) return;
    checkpoint.write(capture());
    last = seconds();
    if (stop !== null) throw interruption(stop, path, `while sampling, after ${done} of ${total} samples`);
  };
  const model = isingModel(parseLattice(source.lattice), source.coupling, source.field);
  const set = await sampleIsing(model, source, seedKey(seed), kernels, onProgress, from);
  progress.finish();
  return set;
}

/** The samples, those of a control in their place. */
function underControl(drawn: SampleSet, { control }: SampleSource, seed: string): SampleSet {
  if (control === undefined) return drawn;
  const controlled = { name: control, source: drawn.model };
  return { ...drawn, configurations: controlledRows(controlled, drawn.configurations, seedKey(seed)) };
}

/** What is measured on every sample; null of a single one, which has no error to estimate. */
function measureSet({ model, configurations, chains }: SampleSet): Measurements | null {
  const rounds = Math.floor(configurations.rows / chains);
  return rounds * chains < 2 ? null : measure(model, configurations, chains);
}

/** Split-R̂ of the chains; null where they are too short for it. */
function agreement({ configurations, chains }: SampleSet, measurements: Measurements | null): number | null {
  const rounds = Math.floor(configurations.rows / chains);
  return measurements === null || rounds < RHAT_ROUNDS ? null : chainAgreement(measurements);
}

/** Observables beside their exact values, of which data of a control that are no Ising configurations have none. */
function observablesOf(
  { model: source }: SampleSet,
  measurements: Measurements | null,
  { control }: SampleSource,
): readonly ObservableRow[] {
  if (measurements === null) return [];
  const model = control === undefined ? source : controlledModel({ name: control, source });
  const exact = model === null ? {} : exactReference(model);
  return compareWithExact(estimateObservables(model ?? source, measurements), exact);
}
