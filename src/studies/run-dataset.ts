import { MissingInputError } from "../errors/index.js";
import { type Dataset, readManifest, readRunDataset } from "../runs/index.js";
import type { StudyRun } from "./study.js";

/** The data of a run of a study. MissingInputError if it has none, DataError if they are not those of its manifest. */
export function datasetOf({ folder }: StudyRun): Dataset {
  const found = readRunDataset(folder, readManifest(folder));
  if (found === null) throw new MissingInputError(`${folder} has no data yet.`);
  return found.dataset;
}
