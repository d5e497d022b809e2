export * from "./config/index.js";
export { type Dataset, type DatasetRecord, readDataset, writeDataset } from "./dataset-folder.js";
export { type Inspection, inspectPath } from "./inspect.js";
export { readLayers, writeLayer } from "./layer-files.js";
export { metricsCsv, type MetricsRow, readMetrics } from "./metrics-table.js";
export { compareWithExact, type ObservableRow, observablesCsv } from "./observables-table.js";
export { hashOutputs, refreshManifest } from "./run-files.js";
export { runLayout } from "./run-layout.js";
export {
  manifestConfig,
  readManifest,
  runIdentity,
  type RunManifest,
  writeManifest,
} from "./run-manifest.js";
export { VERSION } from "./version.js";
