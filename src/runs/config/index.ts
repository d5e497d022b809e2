export { analysesOfData, type AnalysisName, analysisNames } from "./analysis-names.js";
export { analysisIssues, latticeIssues } from "./analysis-rules.js";
export { parseYaml, readConfigFile } from "./config-file.js";
export {
  type ExperimentConfig,
  type FileSource,
  isFileSource,
  type SampleSource,
} from "./experiment-config.js";
export { camelCase, isPlainObject, snakeCase } from "./keys.js";
export { getPath, overlay, type RawConfig, withPath } from "./layers.js";
export { resolveConfig } from "./resolve.js";
export { writtenForm } from "./written-form.js";
