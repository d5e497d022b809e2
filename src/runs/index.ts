export * from "./config/index.js";
export {
  type Checkpoint,
  CheckpointWriter,
  removeCheckpoints,
  restoreCheckpoint,
  type StoredCheckpoint,
  surveyCheckpoints,
} from "./checkpoint.js";
export { type Dataset, readDataset, readIntactDataset, writeDataset } from "./dataset-folder.js";
export { readControlledLayers } from "./controlled-layers.js";
export { controlledModel, controlledRows } from "./dataset-control.js";
export { inspectPath } from "./inspect.js";
export { layerHash, readLayer, readLayers, writeLayer } from "./layer-files.js";
export { metricsCsv, type MetricsRow, parseMetrics, readMetrics } from "./metrics-table.js";
export { compareWithExact, type ObservableRow } from "./observables-table.js";
export { hashOutputs, refreshManifest } from "./run-files.js";
export { readRunDataset, requireIntactInputs } from "./run-inputs.js";
export { runLayout } from "./run-layout.js";
export { withRunLock } from "./run-lock.js";
export {
  manifestConfig,
  readManifest,
  runIdentity,
  type RunManifest,
  writeManifest,
} from "./run-manifest.js";
export { VERSION } from "./version.js";
