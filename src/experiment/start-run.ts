import {
  type Dataset,
  type ExperimentConfig,
  isFileSource,
  readIntactDataset,
  runLayout,
  type RunManifest,
} from "../runs/index.js";
import type { LockedEnvironment } from "./environment.js";
import { findCheckpoint, type UsableCheckpoint } from "./find-checkpoint.js";
import { clearRunFolder, removeRemains } from "./run-folder.js";
import { newManifest, resumedManifest, RunRecord } from "./run-record.js";

/** Where a run begins: with what is left of an earlier start, if anything is. */
export interface RunStart {
  readonly record: RunRecord;
  /** Configurations sampled before. */
  readonly dataset: Dataset | null;
  /** The checkpoint to go on from, if it was made with this dataset. */
  readonly checkpointFor: (dataset: Dataset) => UsableCheckpoint | null;
}

/**
 * Begin a run, or go on with an unfinished one whose manifest is `former`, and tell the user which. The folder is locked;
 * afterwards its manifest says that the run is running, and nothing of another run is left.
 */
export function beginRun(
  config: ExperimentConfig,
  run: string,
  identity: string,
  former: RunManifest | null,
  environment: LockedEnvironment,
): RunStart {
  const note = (message: string): void => {
    environment.progress.note(message);
  };
  const { checkpoint, problems } =
    former === null
      ? { checkpoint: null, problems: [] }
      : findCheckpoint(run, identity, config, environment.kernels);
  const dataset = former === null ? null : sampledBefore(config, run, former);
  for (const problem of problems) note(`warning: ${problem}`);
  if (former !== null && checkpoint !== null) {
    note(`${run} ${place(checkpoint, config)}.`);
    const record = new RunRecord(run, resumedManifest(former, environment), environment);
    removeRemains(run);
    record.writeConfig(config);
    return { record, dataset, checkpointFor: checkOrigin(checkpoint, run, note) };
  }
  if (former !== null) {
    const reason = problems.length > 0 ? "has no checkpoint that can be used" : "has no checkpoint yet";
    const remedy =
      config.hidden.length > 0 ? "trains again on its configurations" : "goes on with its configurations";
    note(`${run} ${reason}: it ${dataset === null ? "begins with the sampling" : remedy}.`);
  }
  // The manifest first: if this process is killed now, the folder is still known for a run.
  const record = new RunRecord(run, newManifest(config, identity, environment), environment);
  clearRunFolder(run, keepOf(run, former, dataset));
  record.writeConfig(config);
  return { record, dataset, checkpointFor: () => null };
}

/** What a run that begins again can use of an earlier start: its configurations, or the sampling of them so far. */
function keepOf(run: string, former: RunManifest | null, dataset: Dataset | null): readonly string[] {
  if (dataset !== null) return [runLayout.dataset(run)];
  return former === null ? [] : [runLayout.samplingCheckpoint(run)];
}

/** The configurations in `data/`, if the manifest of this run says that they were complete and they have not changed. */
function sampledBefore(config: ExperimentConfig, run: string, { dataset }: RunManifest): Dataset | null {
  if (isFileSource(config.data) || dataset === null) return null;
  return readIntactDataset(runLayout.dataset(run), dataset.sha256);
}

function place({ stored, layers }: UsableCheckpoint, { hidden, training }: ExperimentConfig): string {
  const { update, epoch } = stored.header;
  if (layers.length === hidden.length) return "is trained; it continues with the report";
  const layer = `continues at layer ${layers.length + 1} of ${hidden.length}`;
  return update === 0 ? layer : `${layer}, epoch ${epoch} of ${training.epochs}`;
}

/** Sampling again gives the same configurations, unless the program has changed. */
function checkOrigin(checkpoint: UsableCheckpoint, run: string, note: (message: string) => void) {
  return ({ sha256 }: Dataset): UsableCheckpoint | null => {
    if (sha256 === checkpoint.stored.header.dataset) return checkpoint;
    note(`warning: ${run} was trained so far on other configurations than these: training starts again.`);
    return null;
  };
}
