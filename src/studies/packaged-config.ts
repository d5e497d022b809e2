import { fileURLToPath } from "node:url";
import { overlay, readConfigFile, resolveConfig, type ExperimentConfig } from "../runs/index.js";
import type { StudyRequest } from "./study.js";

/** The experiment of a study at the scale asked for, from the packaged file configs/<name>.yaml. */
export function packagedConfig(name: string, { scale, seed }: StudyRequest): ExperimentConfig {
  const path = fileURLToPath(new URL(`../../configs/${name}.yaml`, import.meta.url));
  const config = readConfigFile(path, scale);
  return resolveConfig(seed === null ? config : overlay(config, { seed }), path);
}
